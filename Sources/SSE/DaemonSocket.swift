import Control
import NIOCore
import NIOPosix

/// The way to the daemon: a connection for each call.
struct DaemonSocket: Sendable {
  let path: String

  /// - Parameter group: whose loop the connection is to use.
  func connect(
    on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> VarlinkClient {
    try await VarlinkClient.connect(to: path, group: group)
  }

  func exchange<M: VarlinkMethod>(_ method: M.Type, _ parameters: M.Parameters) async throws -> VarlinkReply<M> {
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

  func call<M: VarlinkMethod>(_ method: M.Type, _ parameters: M.Parameters) async throws -> M.Reply {
    try await exchange(method, parameters).parameters
  }
}
