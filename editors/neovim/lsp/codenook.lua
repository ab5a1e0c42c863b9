local codenook = require('codenook')
local unit_tests = require('codenook.unit_tests')

---@type vim.lsp.Config
return {
  cmd = codenook.command(),
  filetypes = { 'python' },
  root_markers = { '.codenook.toml', { 'pyproject.toml', 'setup.py', 'setup.cfg' }, '.git' },
  handlers = {
    ['codenook/answered'] = codenook.remember_why,
    ['workspace/applyEdit'] = unit_tests.apply_edit,
  },
  commands = {
    ['codenook.unitTests'] = unit_tests.run,
  },
}
