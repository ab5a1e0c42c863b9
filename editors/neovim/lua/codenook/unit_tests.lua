--- Unit tests: asking for them, and a view of what came of it beside the file that the server opens.
local job = require('codenook.job')

local M = {}

local COMMAND = 'codenook.unitTests'

--- Show what came of unit tests: the report, and tests that were not run as what they are.
---@param answer { symbol: string, path: string?, text: string?, report: string, reason: string? }
local function show(answer)
  if answer.reason == 'not_run' and type(answer.text) == 'string' then
    job.show_preview('not-run', answer.path, answer.text)
  end
  job.show_report(answer.symbol, answer.report)
end

--- Write unit tests for what is around the cursor.
function M.write()
  job.run_here(COMMAND, {}, show)
end

--- The command that the code action carries.
M.run = job.handler(COMMAND, show)

--- End the writing of unit tests, and what runs for it.
function M.stop()
  job.stop(COMMAND)
end

return M
