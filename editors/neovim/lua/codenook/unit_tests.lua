--- Unit tests: asking for them, and a view of what came of it beside the file that the server opens.
local codenook = require('codenook')

local M = {}

--- The unit tests that are being written: their client and the id of the request.
---@type { client: vim.lsp.Client, id: integer }?
local testing

--- Show lines that belong to no file, in a window beside the current one, which keeps the cursor.
---@param name string
---@param text string
---@param filetype string
local function show_beside(name, text, filetype)
  for _, old in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(old) == name then
      vim.api.nvim_buf_delete(old, { force = true })
    end
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, name)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, '\n'))
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].modifiable = false
  vim.api.nvim_open_win(buffer, false, { split = 'right', win = 0 })
  vim.api.nvim_buf_call(buffer, function()
    vim.cmd('silent! setlocal filetype=' .. filetype) -- which may fail without a parser for it
  end)
end

--- Show what came of unit tests: the report, and tests that were not run as what they are.
---@param answer { symbol: string, path: string?, text: string?, report: string, reason: string? }
local function show_tests(answer)
  if answer.reason == 'not_run' and type(answer.text) == 'string' then
    local filetype = vim.filetype.match({ filename = answer.path }) or ''
    show_beside('codenook://not-run/' .. answer.path, answer.text, filetype)
  end
  if answer.report ~= '' then
    show_beside('codenook://report/' .. answer.symbol, answer.report, 'markdown')
  end
end

--- Have unit tests written, and show the report beside them. The server opens their file, and says itself
--- why there are none.
---@param client vim.lsp.Client
---@param bufnr integer
---@param argument table As docs/lsp.md describes it.
local function write_tests(client, bufnr, argument)
  local request = { command = 'codenook.unitTests', arguments = { argument } }
  local is_sent, id
  is_sent, id = client:request('workspace/executeCommand', request, function(err, answer)
    if testing and testing.id == id then
      testing = nil
    end
    if err then
      codenook.say('codenook: ' .. err.message)
    else
      show_tests(answer)
    end
  end, bufnr)
  testing = is_sent and id and { client = client, id = id } or nil
end

--- Write unit tests for what is around the cursor.
function M.write()
  local client = codenook.client_here()
  if client then
    local here = vim.lsp.util.make_position_params(0, client.offset_encoding)
    local bufnr = vim.api.nvim_get_current_buf()
    write_tests(client, bufnr, {
      uri = here.textDocument.uri,
      position = here.position,
      version = vim.lsp.util.buf_versions[bufnr],
    })
  end
end

--- The command that the code action carries, which would otherwise go to the server without a view.
---@param command lsp.Command
---@param context { client_id: integer, bufnr: integer }
function M.run(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  if client then
    write_tests(client, context.bufnr, command.arguments[1])
  end
end

--- End the writing of unit tests, and what runs for it.
function M.stop()
  if testing then
    testing.client:cancel_request(testing.id)
    testing = nil -- Neovim doesn't tell when a request that it withdrew is answered
  end
end

--- Put an edit in, unless it is to make a file that is there: Neovim 0.12 would empty it, whatever the edit says.
---@type lsp.Handler
function M.apply_edit(err, params, context)
  for _, change in ipairs(params.edit.documentChanges or {}) do
    local options = change.options or {}
    if change.kind == 'create' and not (options.overwrite or options.ignoreIfExists) then
      local path = vim.uri_to_fname(change.uri)
      if vim.uv.fs_lstat(path) then
        return { applied = false, failureReason = path .. ' exists' }
      end
    end
  end
  return vim.lsp.handlers['workspace/applyEdit'](err, params, context)
end

return M
