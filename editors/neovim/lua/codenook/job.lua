--- A command of the server that takes a while: asked for, ended, and what came of it shown beside its file.
local codenook = require('codenook')

local M = {}

--- What is at work, by the server's command: the client and the id of the request.
---@type table<string, { client: vim.lsp.Client, id: integer }>
local at_work = {}

--- Have the server run a command, and hand what it returns to `show`. The server opens what it had the editor
--- write, and says itself why there is nothing.
---@param name string
---@param client vim.lsp.Client
---@param bufnr integer
---@param argument table As docs/lsp.md describes it.
---@param show fun(answer: table)
function M.run(name, client, bufnr, argument, show)
  local request = { command = name, arguments = { argument } }
  local is_sent, id
  is_sent, id = client:request('workspace/executeCommand', request, function(err, answer)
    if at_work[name] and at_work[name].id == id then
      at_work[name] = nil
    end
    if err then
      codenook.say('codenook: ' .. err.message)
    else
      show(answer)
    end
  end, bufnr)
  at_work[name] = is_sent and id and { client = client, id = id } or nil
end

--- Run a command for what is around the cursor or, if it `is_whole`, for all of this buffer.
---@param name string
---@param more { to: string?, is_whole: boolean? }
---@param show fun(answer: table)
function M.run_here(name, more, show)
  local client = codenook.client_here()
  if client then
    local bufnr = vim.api.nvim_get_current_buf()
    local here = vim.lsp.util.make_position_params(0, client.offset_encoding)
    local argument = {
      uri = here.textDocument.uri,
      version = vim.lsp.util.buf_versions[bufnr],
      position = not more.is_whole and here.position or nil,
      to = more.to,
    }
    M.run(name, client, bufnr, argument, show)
  end
end

--- The handler of a command that a code action carries, which would otherwise go to the server without a view.
---@param name string
---@param show fun(answer: table)
---@return fun(command: lsp.Command, context: { client_id: integer, bufnr: integer })
function M.handler(name, show)
  return function(command, context)
    local client = vim.lsp.get_client_by_id(context.client_id)
    if client then
      M.run(name, client, context.bufnr, command.arguments[1], show)
    end
  end
end

--- End a command that is at work, and what runs for it.
---@param name string
function M.stop(name)
  local job = at_work[name]
  if job then
    job.client:cancel_request(job.id)
    at_work[name] = nil -- Neovim doesn't tell when a request that it withdrew is answered
  end
end

--- Show lines that belong to no file, in a window beside the current one, which keeps the cursor.
---@param name string
---@param text string
---@param filetype string
function M.show_beside(name, text, filetype)
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

--- Show what a file would have in it, as what it is: the name says why it is in none.
---@param why string
---@param path string
---@param text string
function M.show_preview(why, path, text)
  M.show_beside(('codenook://%s/%s'):format(why, path), text, vim.filetype.match({ filename = path }) or '')
end

--- Show a report, if there is one.
---@param about string
---@param report string
function M.show_report(about, report)
  if report ~= '' then
    M.show_beside('codenook://report/' .. about, report, 'markdown')
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
