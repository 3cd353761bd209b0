import Control
import NIOCore
import NIOPosix

/// The way to the daemon: a connection for each call.
struct DaemonSocket: Sendable {
  /// Of a call with one reply: a start of 20,000 invoices takes a few seconds. A daemon that stands still must not hold
  /// the connections of browsers, too.
  private static let replyDeadline = Duration.seconds(30)
  /// Calls whose replies are in memory at the same time, some megabytes each; the others wait.
  private static let callsAtOnce = 16

  let path: String
  let turns = Turns(DaemonSocket.callsAtOnce)

  init(path: String) { self.path = path }

  /// - Parameter group: whose loop the connection is to use.
  func connect(
    on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> VarlinkClient {
    try await VarlinkClient.connect(to: path, group: group)
  }

  /// Throws the daemon's `VarlinkError`, or `HTTPError.daemonUnreachable` when there is no reply in time.
  func exchange<M: VarlinkMethod>(_ method: M.Type, _ parameters: M.Parameters) async throws -> VarlinkReply<M> {
    let reply = try await within(Self.replyDeadline) {
      try await turns.run {
        let client = try await connect()
        do {
          let reply = try await client.exchange(method, parameters)
          await client.close()
          return reply
        } catch {
          await client.close()
          throw error
        }
      }
    }
    guard let reply else { throw HTTPError.daemonUnreachable }
    return reply
  }

  func call<M: VarlinkMethod>(_ method: M.Type, _ parameters: M.Parameters) async throws -> M.Reply {
    try await exchange(method, parameters).parameters
  }
}
