import Control
import Logging
import Model
import Synchronization

/// Tells the journal of clients that lost their connections because they did not read, once in a while: there may be a
/// thousand of them.
final class CutOffLog: Sendable {
  private static let interval = Duration.seconds(60)

  private struct State {
    var told: Duration?
    /// Since then.
    var untold = 0
  }

  private let log: Logger
  private let time: Time
  private let state = Mutex(State())

  init(log: Logger, time: Time) {
    self.log = log
    self.time = time
  }

  func note(_ cutOff: ReplyBudget.CutOff) {
    let now = time.uptime()
    let untold = state.withLock { state -> Int? in
      if let told = state.told, now - told < Self.interval {
        state.untold += 1
        return nil
      }
      defer { (state.told, state.untold) = (now, 0) }
      return state.untold
    }
    guard let untold else { return }
    let client = cutOff.client
    log.warning(
      """
      process \(client.process ?? 0) of user \(client.user) did not read \(cutOff.sizeInBytes) bytes for \
      \(Int(cutOff.waited.seconds)) s, and its connection was closed: clients that do not read have more than \(ReplyBudget.defaultSizeInBytes >> 20) MiB of replies together\
      \(untold > 0 ? "; so were \(untold) connections since this was said last" : "")
      """)
  }
}
