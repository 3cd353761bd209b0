import Control
import Foundation
import Model
import NIOPosix

/// Fills a feed from the daemon, over as many connections as it takes.
struct Subscription: Sendable {
  /// Between two attempts to reach a daemon that is away: a restart takes less than a second.
  private static let pause = Duration.milliseconds(250)
  /// A job that waits for a person, or for the reconciler, is looked at this often while somebody watches.
  private static let waitingLook = Duration.seconds(2)
  /// From the beginning: a daemon that has said nothing for so long is said to be unreachable until it speaks.
  private static let firstReply = Duration.seconds(5)
  static let pingInterval = Duration.seconds(15)
  /// Pings without a reader, after which the feed of a job is given up: a page that is loaded anew finds it warm.
  private static let idlePings = 2

  let feed: Feed
  let daemon: DaemonSocket
  let metrics: Metrics
  /// Told when the feed can be joined, and why it cannot.
  let readiness: Readiness
  private let executor = LoopExecutor(MultiThreadedEventLoopGroup.singleton.next())

  /// Returns when the job is finished or is not there, when nobody reads it any more, or when the task is cancelled. The
  /// feed of all jobs goes on for ever, whatever becomes of the daemon.
  func run() async {
    await withTaskGroup { group in
      group.addTask(executorPreference: executor) { await follow() }
      group.addTask { await ping() }
      await group.next()
      group.cancelAll()
    }
  }

  private func follow() async {
    var isAway = false
    while !Task.isCancelled {
      do {
        if try await watch(wasAway: &isAway) { return feed.end() }
        try? await Task.sleep(for: Self.waitingLook)
      } catch let error as VarlinkError where error.shortName == "NoSuchJob" {
        // A daemon with another store may have lost one that was followed.
        return readiness.refuse(HTTPError(error))
      } catch {
        readiness.refuse(.daemonUnreachable)
        if feed.last == nil, feed.job != nil { return }
        if !isAway, !Task.isCancelled {
          isAway = true
          metrics.reconnecting()
          feed.tell(daemonAnswers: false)
        }
        try? await Task.sleep(for: Self.pause)
      }
    }
  }

  /// True: the job is finished. False: it waits.
  private func watch(wasAway: inout Bool) async throws -> Bool {
    let client = try await daemon.connect(on: executor.loop)
    do {
      var isFinished = false
      for try await reply in try await client.stream(
        JobsInterface.Watch.self, .init(job: feed.job, after: feed.last?.description))
      {
        if wasAway {
          wasAway = false
          feed.tell(daemonAnswers: true)
        }
        take(reply)
        if let event = reply.parameters.event { isFinished = event.state.isFinished }
        if let job = reply.parameters.snapshot { isFinished = job.state.isFinished }
        if reply.parameters.end == true {
          await client.close()
          return isFinished || feed.isFinished
        }
      }
      throw VarlinkClient.Failure.connectionLost
    } catch {
      await client.close()
      throw error
    }
  }

  private func take(_ reply: VarlinkReply<JobsInterface.Watch>) {
    let content = reply.parameters
    if let event = content.event, let json = reply.fields["event"] {
      feed.publish(event, json: json.text)
    } else if let last = content.last.flatMap({ EventID($0) }), content.snapshot != nil || feed.job == nil,
      content.reset == true || feed.last == nil
    {
      feed.reset(job: content.snapshot, last: last, recent: content.recent ?? [])
      readiness.allow()
    }
  }

  private func ping() async {
    try? await Task.sleep(for: Self.firstReply)
    readiness.refuse(.daemonUnreachable)
    var idle = 0
    while !Task.isCancelled {
      try? await Task.sleep(for: Self.pingInterval)
      feed.ping()
      idle = feed.readers == 0 ? idle + 1 : 0
      if feed.job != nil, idle >= Self.idlePings { return }
    }
  }
}
