/** The other end of `startWorker`: takes one order, answers with one result, ends. */
export function serve<Order, Result>(work: (order: Order, isOver: () => boolean) => Promise<Result>): void {
  let isOver = false
  process.once('message', (order: Order) => {
    process.once('message', () => {
      isOver = true
    })
    work(order, () => isOver).then(
      (result) => process.send?.(result, () => process.exit(0)),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
}
