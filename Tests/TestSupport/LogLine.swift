/// A line of the sandbox's `log.jsonl`, of any event; docs/sandbox.md says what the fields mean.
package struct LogLine: Decodable, Sendable {
  package let event: String
  package let seq: Int
  package let call: String?
  package let status: Int?
  package let reason: String?
  package let fault: String?
  package let http: String?
  package let connection: Int?
  package let draft: String?
  package let message: String?
  package let key: String?
  package let recipients: [String]?
  package let subject: String?
  package let sha256: String?
  package let by: String?
}
