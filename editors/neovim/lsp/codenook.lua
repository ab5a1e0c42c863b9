local codenook = require('codenook')
local job = require('codenook.job')

---@type vim.lsp.Config
return {
  cmd = codenook.command(),
  filetypes = { 'python' },
  root_markers = { '.codenook.toml', { 'pyproject.toml', 'setup.py', 'setup.cfg' }, '.git' },
  handlers = {
    ['codenook/answered'] = codenook.remember_why,
    ['workspace/applyEdit'] = job.apply_edit,
  },
  commands = {
    ['codenook.translate'] = require('codenook.translate').run,
    ['codenook.unitTests'] = require('codenook.unit_tests').run,
  },
}
