import Control
import NIOPosix

/// The way to the daemon: a connection for each call.
struct DaemonSocket: Sendable {
  let path: String

  func connect() async throws -> VarlinkClient {
    try await VarlinkClient.connect(to: path, group: MultiThreadedEventLoopGroup.singleton)
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
