--- Translations: asking for them, and a view of what came of it beside the file that the server opens.
local job = require('codenook.job')

local M = {}

local COMMAND = 'codenook.translate'

--- How long the server may take to say which languages there are.
local TARGETS_MS = 1000

--- Show what came of a translation: the report, and one that was not proved as what it is.
---@param answer { symbol: string, path: string?, name: string?, text: string?, is_preview: boolean, report: string }
local function show(answer)
  if answer.is_preview and type(answer.text) == 'string' then
    job.show_preview('not-proved', answer.name, answer.text)
  end
  job.show_report(answer.symbol ~= '' and answer.symbol or answer.path or '', answer.report)
end

--- Translate what is around the cursor, or with `!` all of this file. Without a language, the server asks.
---@param asked { args: string, bang: boolean }
function M.translate(asked)
  job.run_here(COMMAND, { to = asked.args:lower(), is_whole = asked.bang }, show)
end

--- The languages that begin so, for the command line.
---@param begun string
---@return string[]
function M.complete(begun)
  local client = vim.lsp.get_clients({ name = 'codenook', bufnr = 0 })[1]
  local document = { textDocument = { uri = vim.uri_from_bufnr(0) } }
  local answer = client and client:request_sync('codenook/translationTargets', document, TARGETS_MS, 0)
  local targets = answer and answer.result and answer.result.targets or {}
  return vim
    .iter(targets)
    :map(function(target)
      return target.language
    end)
    :filter(function(language)
      return vim.startswith(language, begun)
    end)
    :totable()
end

--- The command that the code actions carry.
M.run = job.handler(COMMAND, show)

--- End the translation, and what runs for it.
function M.stop()
  job.stop(COMMAND)
end

return M
