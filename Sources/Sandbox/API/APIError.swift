import Foundation

/// A call that was not carried out, and the answer that says so.
struct APIError: Error {
  let response: Response
  /// For the log: the word that clients go by.
  let reason: String
}
