--- What the editor needs to know of codenook beyond the protocol: how the server is started, why an
--- answer was empty, how it is doing, and how to ask it on purpose.
local M = {}

local METHOD = 'textDocument/inlineCompletion'

--- The cursor rests when it was not moved for so long.
local REST_MS = 100

--- The last reason for an empty answer, by the document's URI.
---@type table<string, { reason: string, message: string }>
local reasons = {}

--- Show a message, and keep it in `:messages`.
---@param message string
function M.say(message)
  vim.api.nvim_echo({ { message } }, true, {})
end

--- The client of the current buffer; without one, it is said where to look.
---@return vim.lsp.Client?
function M.client_here()
  local client = vim.lsp.get_clients({ name = 'codenook', bufnr = 0 })[1]
  if not client then
    M.say('codenook does not run for this buffer; :checkhealth vim.lsp says why')
  end
  return client
end

--- The command line of the server.
---
--- A Python that runs isolated from the opened project (-P: not its folder, -E: not its PYTHONPATH) is
--- taken from `vim.g.codenook_python` or else from the environment that the command `codenook` lives in.
---@return string[]
function M.command()
  local python = vim.g.codenook_python
  local script = vim.uv.fs_realpath(vim.fn.exepath('codenook'))
  if not python and script then
    python = vim.fn.exepath(vim.fs.joinpath(vim.fs.dirname(script), 'python'))
  end
  if not python or python == '' then
    return { 'codenook', 'serve' }
  end
  return { python, '-P', '-E', '-m', 'codenook', 'serve' }
end

--- Handler of the notification that precedes an empty answer. A superseded request has no say: the newer
--- one is on its way.
---@type lsp.Handler
function M.remember_why(_, params)
  if params.reason ~= 'superseded' then
    reasons[params.uri] = { reason = params.reason, message = params.message }
  end
end

--- Forget the reason of the answer before, because a new request leaves for this document.
---@param bufnr integer
function M.forget_why(bufnr)
  reasons[vim.uri_from_bufnr(bufnr)] = nil
end

--- Say why the last answer in this buffer was empty.
function M.why()
  local why = reasons[vim.uri_from_bufnr(0)]
  if why then
    M.say(('%s (%s)'):format(why.message, why.reason))
  elseif M.client_here() then
    M.say('codenook: the last request in this buffer was not answered empty')
  end
end

--- Say how the server and its engine are doing.
function M.status()
  local client = M.client_here()
  if not client then
    return
  end
  client:request('codenook/status', vim.empty_dict(), function(err, status)
    if err then
      return M.say('codenook: ' .. err.message)
    end
    local engine = status.engine
    local counters = vim.iter(vim.spairs(status.counters)):map(function(name, count)
      return ('%s %d'):format(name, count)
    end)
    M.say(table.concat({
      ('codenook %s, model %s'):format(status.version, status.model),
      type(engine) == 'table' and ('engine running, process %d'):format(engine.pid) or 'engine not running',
      counters:join(', '),
    }, '\n'))
  end)
end

--- The review that is at work: its client and the id of its request.
---@type { client: vim.lsp.Client, id: integer }?
local reviewing

--- Review the change, this file or a range of lines; what is found goes to the quickfix list.
---
--- What there is to say otherwise, the server says itself.
---@param asked { args: string, bang: boolean, range: integer, line1: integer, line2: integer }
function M.review(asked)
  local client = M.client_here()
  if not client then
    return
  end
  local argument = { scope = 'change', uri = vim.uri_from_bufnr(0), since = asked.args }
  if asked.range > 0 then
    argument.scope = 'selection'
    argument.lines = { asked.line1, asked.line2 }
    argument.version = vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()]
  elseif asked.bang then
    argument.scope = 'document'
  end
  local request = { command = 'codenook.review', arguments = { argument } }
  local is_sent, id
  is_sent, id = client:request('workspace/executeCommand', request, function(err, answer)
    if reviewing and reviewing.id == id then
      reviewing = nil
    end
    if err then
      M.say('codenook: ' .. err.message)
    elseif type(answer.report) == 'table' and #answer.report.findings > 0 then
      local namespace = vim.lsp.diagnostic.get_namespace(client.id)
      vim.schedule(function()
        vim.diagnostic.setqflist({ namespace = namespace, title = 'codenook review' })
      end)
    end
  end)
  reviewing = is_sent and id and { client = client, id = id } or nil
end

--- End the review that is at work; what it has found so far stays.
function M.stop_review()
  if reviewing then
    reviewing.client:cancel_request(reviewing.id)
  end
end

--- Ask for candidates now, without waiting for a pause in typing.
function M.ask()
  -- Neovim 0.12 has no public function for this: `vim.lsp.inline_completion.get()` only accepts.
  local completor = require('vim.lsp._capability').all.inline_completion.active[vim.api.nvim_get_current_buf()]
  if completor then
    completor:request(vim.lsp.protocol.InlineCompletionTriggerKind.Invoked)
  else
    M.client_here()
  end
end

--- Show the next candidate, or with a negative count an earlier one.
---@param count integer
function M.cycle(count)
  vim.lsp.inline_completion.select({ count = count })
end

--- Return an insert-mode mapping (`expr`) that accepts the candidate shown, or else does what `key` did.
---@param key string
---@return fun(): string?
function M.accept_or(key)
  local before = vim.fn.maparg(key, 'i', false, true)
  return function()
    if vim.lsp.inline_completion.get() then
      return ''
    end
    if before.expr == 1 and before.callback then
      return before.callback()
    end
    return key
  end
end

--- Tell the server where the cursor rests, before anything is typed there.
---@param bufnr integer
function M.follow_cursor(bufnr)
  local timer = assert(vim.uv.new_timer())
  local tell = vim.schedule_wrap(function()
    local client = vim.lsp.get_clients({ name = 'codenook', bufnr = bufnr })[1]
    local window = vim.api.nvim_get_current_win()
    if client and vim.api.nvim_win_get_buf(window) == bufnr then
      client:notify('codenook/cursor', vim.lsp.util.make_position_params(window, client.offset_encoding))
    end
  end)
  local group = vim.api.nvim_create_augroup('codenook.cursor.' .. bufnr, {})
  vim.api.nvim_create_autocmd({ 'BufEnter', 'CursorMoved', 'InsertEnter' }, {
    group = group,
    buffer = bufnr,
    desc = 'codenook looks at where the cursor rests',
    callback = function()
      timer:start(REST_MS, 0, tell)
    end,
  })
  vim.api.nvim_create_autocmd({ 'BufUnload', 'LspDetach' }, {
    group = group,
    buffer = bufnr,
    desc = 'codenook looks no more',
    callback = function()
      timer:stop()
    end,
  })
  timer:start(REST_MS, 0, tell)
end

--- Switch inline completion on in a buffer that codenook has attached to, with its keys.
---@param bufnr integer
function M.attach(bufnr)
  vim.lsp.inline_completion.enable(true, { bufnr = bufnr })
  M.follow_cursor(bufnr)
  vim.api.nvim_create_autocmd('LspRequest', {
    group = vim.api.nvim_create_augroup('codenook.why.' .. bufnr, {}),
    buffer = bufnr,
    desc = 'A new request has no reason yet',
    callback = function(event)
      local request = event.data.request
      if request.type == 'pending' and request.method == METHOD then
        M.forget_why(bufnr)
      end
    end,
  })
  if vim.g.codenook_keys == false then
    return
  end
  local keys = {
    { '<Tab>', M.accept_or('<Tab>'), 'Accept the candidate, or Tab', expr = true },
    { '<M-]>', function() M.cycle(1) end, 'Next candidate' },
    { '<M-[>', function() M.cycle(-1) end, 'Previous candidate' },
    { '<M-\\>', M.ask, 'Ask for candidates' },
  }
  for _, key in ipairs(keys) do
    vim.keymap.set('i', key[1], key[2], { buffer = bufnr, expr = key.expr, desc = 'codenook: ' .. key[3] })
  end
end

return M
