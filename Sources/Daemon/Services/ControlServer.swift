import Control
import Files
import Foundation
import NIOPosix
import ServiceLifecycle

/// The control sockets, until the group stops: the one for those who may send, and the one for those who watch.
struct ControlServer: Service {
  private let servers: [VarlinkServer]

  /// Serves from `run` on; callers wait until then.
  ///
  /// - Parameter watching: nil: there is no second socket.
  static func listen(
    on socket: ListeningSocket, watching: ListeningSocket?, _ service: ControlService
  ) async throws -> ControlServer {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let log = service.log
    let cutOffs = CutOffLog(log: log, time: service.time)
    // One for both: who only watches must not take up more than who may send.
    let budget = ReplyBudget(onCutOff: cutOffs.note)
    func listen(_ socket: ListeningSocket, isReadOnly: Bool) async throws -> VarlinkServer {
      try await VarlinkServer.listen(
        on: socket, services: [service],
        identity: VarlinkIdentity(
          vendor: "invoiced", product: "invoiced", version: Version.text, url: "https://invoiced.example"),
        isReadOnly: isReadOnly, budget: budget, group: group,
        onFailure: { method, error in log.error("\(method) failed: \(error)") })
    }
    var servers = [try await listen(socket, isReadOnly: false)]
    if let watching { servers.append(try await listen(watching, isReadOnly: true)) }
    return ControlServer(servers: servers)
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withDiscardingTaskGroup { group in
        for server in servers { group.addTask { await server.run() } }
      }
    }
  }
}
