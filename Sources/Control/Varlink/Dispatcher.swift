import Foundation

/// Finds the service of a call, checks the call by the protocol's rules, and sees that it gets its last reply.
struct Dispatcher: Sendable {
  private let services: [String: any VarlinkService]
  private let isReadOnly: Bool
  private let onFailure: @Sendable (String, any Error) -> Void

  init(
    services: [any VarlinkService], identity: VarlinkIdentity, isReadOnly: Bool,
    onFailure: @escaping @Sendable (String, any Error) -> Void
  ) {
    self.isReadOnly = isReadOnly
    let introspection = Introspection(
      identity: identity, interfaces: services.map { ($0.name, $0.description) })
    self.services = Dictionary(
      (services + [introspection]).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.onFailure = onFailure
  }

  /// Throws when the connection is to be closed.
  func answer(_ request: VarlinkRequest, on connection: VarlinkConnection) async throws {
    do {
      let (service, method) = try find(request)
      if request.flag == .oneway && !method.isReadOnly { return }
      if isReadOnly && !method.isReadOnly { throw VarlinkError.permissionDenied }
      if method.needsMore && request.flag != .more { throw VarlinkError.expectedMore }
      if request.flag == .upgrade { throw VarlinkError.methodNotImplemented(request.method) }
      let call = VarlinkCall(request, decoded: try decode(request, for: method), connection: connection)
      do {
        try await service.handle(call)
        try await call.finish()
      } catch let error as VarlinkError {
        try await call.fail(error)
      }
    } catch let error as VarlinkError {
      if request.flag != .oneway { try await connection.write(VarlinkFrame.error(error)) }
    } catch let error where error is VarlinkConnection.ClientLeft || error is CancellationError {
      throw error
    } catch {
      onFailure(request.method, error)
      throw error
    }
  }

  private func find(_ request: VarlinkRequest) throws -> (any VarlinkService, any VarlinkMethod.Type) {
    guard let interface = request.interface else { throw VarlinkError.methodNotFound(request.method) }
    guard let service = services[interface] else { throw VarlinkError.interfaceNotFound(interface) }
    guard let method = service.methods.first(where: { $0.name == request.shortName }) else {
      throw VarlinkError.methodNotFound(request.method)
    }
    return (service, method)
  }

  private func decode(_ request: VarlinkRequest, for method: any VarlinkMethod.Type) throws -> any Sendable {
    func open<M: VarlinkMethod>(_ method: M.Type) throws -> any Sendable {
      try StrictParameters.decode(M.Parameters.self, from: request.parameters)
    }
    return try open(method)
  }
}
