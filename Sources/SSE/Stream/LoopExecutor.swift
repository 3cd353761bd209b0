import NIOCore

/// Runs tasks on an event loop, for those that mostly wait for what arrives there: what arrives is then taken up at once,
/// where it would otherwise wait for another thread's turn. They must not take long.
final class LoopExecutor: TaskExecutor {
  let loop: any EventLoop

  init(_ loop: any EventLoop) { self.loop = loop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
