/// The JSON of an error of Google's APIs (https://cloud.google.com/apis/design/errors), both of its generations.
struct ErrorBody: Encodable {
  struct Status: Encodable {
    let code: Int
    let message: String
    let errors: [Item]
    let status: String
    let details: [ErrorInfo]?
  }

  struct Item: Encodable {
    let message: String
    let domain: String
    let reason: String
    let location: String?
    let locationType: String?
  }

  struct ErrorInfo: Encodable {
    let type = "type.googleapis.com/google.rpc.ErrorInfo"
    let reason: String
    let domain = "googleapis.com"
    let metadata = ["service": "gmail.googleapis.com"]

    enum CodingKeys: String, CodingKey {
      case type = "@type"
      case reason, domain, metadata
    }
  }

  let error: Status

  /// - Parameters:
  ///   - detail: The reason in `details`, where Google gives one.
  ///   - location: The request header at fault.
  init(status: Int, reason: String, message: String, detail: String?, location: String? = nil) {
    let domain = reason.hasSuffix("Exceeded") ? "usageLimits" : "global"
    let item = Item(
      message: message, domain: domain, reason: reason, location: location,
      locationType: location == nil ? nil : "header")
    error = Status(
      code: status, message: message, errors: [item], status: Self.canonical(status, reason),
      details: detail.map { [ErrorInfo(reason: $0)] })
  }

  /// The code of google.rpc.Code for an HTTP status.
  private static func canonical(_ status: Int, _ reason: String) -> String {
    switch status {
    case 400: reason == "failedPrecondition" ? "FAILED_PRECONDITION" : "INVALID_ARGUMENT"
    case 401: "UNAUTHENTICATED"
    case 403: "PERMISSION_DENIED"
    case 404: "NOT_FOUND"
    case 409: "ABORTED"
    case 429: "RESOURCE_EXHAUSTED"
    case 500: "INTERNAL"
    case 503: "UNAVAILABLE"
    case 504: "DEADLINE_EXCEEDED"
    default: "UNKNOWN"
    }
  }
}
