import Control
import Foundation
import Model

extension Failure {
  /// What any error of a command means: its exit status, and a sentence with the next step.
  init(_ error: any Error, path: String, _ wording: Wording) {
    switch error {
    case let error as Failure: self = error
    case let error as VarlinkError: self.init(error, wording)
    case let error as VarlinkClient.Failure: self.init(error, path: path, wording)
    case let error as ManifestTextError: self.init(.usage, "ManifestUnreadable", wording.manifest(error))
    default: self.init(.usage, "Failed", "\(error)")
    }
  }

  private init(_ error: VarlinkClient.Failure, path: String, _ wording: Wording) {
    switch error {
    case .unreachable(let path, let errno):
      self.init(.unreachable, "Unreachable", wording.unreachable(path, errno: errno))
    case .connectionLost: self.init(.unreachable, "ConnectionLost", wording.connectionLost(path))
    case .malformedReply(let method, let reason):
      self.init(.refused, "MalformedReply", wording.malformedReply(method, reason))
    case .busy: self.init(.refused, "MalformedReply", wording.malformedReply("busy", path))
    }
  }

  private init(_ error: VarlinkError, _ wording: Wording) {
    let text = wording.refusal(error)
    let status: ExitStatus =
      switch error.shortName {
      case "NoSuchPipeline", "InvalidParameter", "MethodNotFound", "InterfaceNotFound", "MethodNotImplemented": .usage
      case "ShuttingDown", "TooManyConnections": .unreachable
      case "MayBeSent": .personAsked
      default: .refused
      }
    self.init(status, error.shortName, text)
  }
}
