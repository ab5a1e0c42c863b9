if vim.fn.has('nvim-0.12') == 0 then
  vim.notify('codenook needs Neovim 0.12 or later', vim.log.levels.ERROR)
  return
end

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('codenook', {}),
  desc = 'Inline completion from codenook',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'codenook' then
      require('codenook').attach(event.buf)
    end
  end,
})

local function command(name, run, desc)
  vim.api.nvim_create_user_command(name, function()
    require('codenook')[run]()
  end, { desc = desc })
end

command('CodenookWhy', 'why', 'Why codenook had nothing to show')
command('CodenookStatus', 'status', 'The codenook server, its engine and its counters')

vim.api.nvim_create_user_command('CodenookReview', function(asked)
  require('codenook').review(asked)
end, { desc = 'Findings about the change, this file (!) or these lines', nargs = '?', bang = true, range = true })
command('CodenookReviewStop', 'stop_review', 'End the review that is at work')

vim.api.nvim_create_user_command('CodenookUnitTests', function()
  require('codenook.unit_tests').write()
end, { desc = 'Unit tests for what is around the cursor' })
vim.api.nvim_create_user_command('CodenookUnitTestsStop', function()
  require('codenook.unit_tests').stop()
end, { desc = 'End the writing of unit tests' })

vim.api.nvim_create_user_command('CodenookTranslate', function(asked)
  require('codenook.translate').translate(asked)
end, {
  desc = 'Translate what is around the cursor, or this file (!), to a language',
  nargs = '?',
  bang = true,
  complete = function(begun)
    return require('codenook.translate').complete(begun)
  end,
})
vim.api.nvim_create_user_command('CodenookTranslateStop', function()
  require('codenook.translate').stop()
end, { desc = 'End the translation' })

vim.lsp.enable('codenook')
