/// The interface that every server has, `org.varlink.service` (UAPI.20): what there is, and how to call it.
struct Introspection: VarlinkService {
  static let name = "org.varlink.service"

  var identity: VarlinkIdentity
  /// Name and text of the other interfaces.
  var interfaces: [(name: String, description: String)]

  var name: String { Self.name }
  var methods: [any VarlinkMethod.Type] { [GetInfo.self, GetInterfaceDescription.self] }

  func handle(_ call: VarlinkCall) async throws {
    switch call.method {
    case GetInfo.name:
      try await call.reply(
        GetInfo.Reply(
          vendor: identity.vendor, product: identity.product, version: identity.version, url: identity.url,
          interfaces: [name] + interfaces.map(\.name)))
    case GetInterfaceDescription.name:
      let asked = try call.parameters(as: GetInterfaceDescription.Parameters.self).interface
      let known = [(name: name, description: description)] + interfaces
      guard let found = known.first(where: { $0.name == asked }) else {
        throw VarlinkError.interfaceNotFound(asked)
      }
      try await call.reply(GetInterfaceDescription.Reply(description: found.description))
    default:
      throw VarlinkError.methodNotImplemented("\(name).\(call.method)")
    }
  }

  let description = """
    # The Varlink Service Interface is provided by every varlink service. It
    # describes the service and the interfaces it implements.
    interface org.varlink.service

    # Get a list of all the interfaces a service provides and information
    # about the implementation.
    method GetInfo() -> (
      vendor: string,
      product: string,
      version: string,
      url: string,
      interfaces: []string
    )

    # Get the description of an interface that is implemented by this service.
    method GetInterfaceDescription(interface: string) -> (description: string)

    # The requested interface was not found.
    error InterfaceNotFound (interface: string)

    # The requested method was not found
    error MethodNotFound (method: string)

    # The interface defines the requested method, but the service does not
    # implement it.
    error MethodNotImplemented (method: string)

    # One of the passed parameters is invalid.
    error InvalidParameter (parameter: string)

    # Client is denied access
    error PermissionDenied ()

    # Method is expected to be called with 'more' set to true, but wasn't
    error ExpectedMore ()

    """
}

/// What a server says of itself in `GetInfo`.
package struct VarlinkIdentity: Sendable, Hashable {
  package var vendor: String
  package var product: String
  package var version: String
  package var url: String

  package init(vendor: String, product: String, version: String, url: String) {
    self.vendor = vendor
    self.product = product
    self.version = version
    self.url = url
  }
}

package enum GetInfo: VarlinkMethod {
  package static let interface = Introspection.name
  package static let name = "GetInfo"
  package static let isReadOnly = true
  package typealias Parameters = Empty

  package struct Reply: Codable, Sendable, Hashable {
    package var vendor: String
    package var product: String
    package var version: String
    package var url: String
    package var interfaces: [String]
  }
}

package enum GetInterfaceDescription: VarlinkMethod {
  package static let interface = Introspection.name
  package static let name = "GetInterfaceDescription"
  package static let isReadOnly = true

  package struct Parameters: Codable, Sendable, Hashable {
    package var interface: String

    package init(interface: String) { self.interface = interface }
  }

  package struct Reply: Codable, Sendable, Hashable {
    package var description: String
  }
}
