/// An error of a method: a declared name and its parameters.
package struct VarlinkError: Error, Sendable, Hashable {
  /// Fully qualified, such as `io.invoiced.Jobs.NoSuchJob`.
  package var name: String
  /// An object.
  package var parameters: JSON

  package init(name: String, parameters: JSON = .object([:])) {
    self.name = name
    self.parameters = parameters
  }

  /// The name behind the last dot.
  package var shortName: String {
    name.split(separator: ".").last.map(String.init) ?? name
  }
}

/// The errors of `org.varlink.service` (UAPI.20).
extension VarlinkError {
  package static func interfaceNotFound(_ interface: String) -> Self {
    service("InterfaceNotFound", ["interface": .string(interface)])
  }

  /// - Parameter method: fully qualified.
  package static func methodNotFound(_ method: String) -> Self {
    service("MethodNotFound", ["method": .string(method)])
  }

  /// - Parameter method: fully qualified.
  package static func methodNotImplemented(_ method: String) -> Self {
    service("MethodNotImplemented", ["method": .string(method)])
  }

  package static func invalidParameter(_ parameter: String) -> Self {
    service("InvalidParameter", ["parameter": .string(parameter)])
  }

  package static let permissionDenied = service("PermissionDenied", [:])

  /// The method answers with several replies; the call has to say `more`.
  package static let expectedMore = service("ExpectedMore", [:])

  private static func service(_ name: String, _ parameters: [String: JSON]) -> Self {
    VarlinkError(name: "org.varlink.service.\(name)", parameters: .object(parameters))
  }
}
