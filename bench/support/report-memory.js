// Loaded into the service under test before it starts: on request, collects garbage and tells what is left. Plain
// JavaScript, since that process runs the built code without a loader for TypeScript.
process.on('message', () => {
  globalThis.gc?.()
  process.send?.(process.memoryUsage())
})
process.channel?.unref()
