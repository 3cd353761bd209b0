import Jobs
import Logging
import Model
import Store

/// What is there from the daemon's start to its end, whatever is configured meanwhile.
struct SharedServices: Sendable {
  let folders: Folders
  /// That of the process.
  let timezone: String
  let store: Store
  /// A runner that has given way to another one may still have an outcome to write.
  let outcomes: OutcomeWriter
  let heartbeat: Heartbeat
  let time: Time
  let log: Logger
}
