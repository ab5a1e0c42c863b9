local codenook = require('codenook')

---@type vim.lsp.Config
return {
  cmd = codenook.command(),
  filetypes = { 'python' },
  root_markers = { '.codenook.toml', { 'pyproject.toml', 'setup.py', 'setup.cfg' }, '.git' },
  handlers = {
    ['codenook/answered'] = codenook.remember_why,
  },
}
