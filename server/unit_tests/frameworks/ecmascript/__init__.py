"""JavaScript and TypeScript: node's own runner, vitest and jest.

`find` says which of them a project uses and where its tests are, `exports` how a test gets at the target,
`rendering` writes test files; `run.mjs` runs them inside of the sandbox and tells what came of it.
"""
