import Foundation

/// How a person at a browser shows to invoiced-sse who they are.
extension JobsInterface {
  package enum MakeWebCode: VarlinkMethod {
    package static let name = "MakeWebCode"

    package struct Parameters: Codable, Sendable, Hashable {
      /// Nil: the caller's own name.
      package var name: String?

      package init(name: String? = nil) { self.name = name }
    }

    package struct Reply: Codable, Sendable, Hashable {
      package var code: String
      package var name: String
      package var expiresAt: Date

      package init(code: String, name: String, expiresAt: Date) {
        self.code = code
        self.name = name
        self.expiresAt = expiresAt
      }

      enum CodingKeys: String, CodingKey {
        case code, name
        case expiresAt = "expires_at"
      }
    }
  }

  package enum TakeWebCode: VarlinkMethod {
    package static let name = "TakeWebCode"

    package struct Parameters: Codable, Sendable, Hashable {
      package var code: String

      package init(code: String) { self.code = code }
    }

    package struct Reply: Codable, Sendable, Hashable {
      package var name: String

      package init(name: String) { self.name = name }
    }
  }
}
