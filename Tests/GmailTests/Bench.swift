import Files
import Foundation
import Gmail
import Model
import Stages
import Synchronization
import TestSupport
import Testing
import Transfer

enum HTTP: String, CaseIterable, Sendable { case http1 = "1.1", http2 = "2" }

/// A sender at a sandbox, with waiting times of milliseconds, and a PDF to send.
final class Bench: Sendable {
  private static let last = Atomic<Int>(0)

  let sandbox: RunningSandbox
  let configuration: GmailConfiguration
  let sender: GmailSend
  let client: GmailClient
  let loop: TransferLoop
  let key: DeliveryKey
  let pdf: FileReference
  private let folder: TemporaryFolder

  init(
    _ http: HTTP = .http2, sizeInBytes: Int = 1000, sandbox: RunningSandbox? = SharedSandbox.current,
    _ change: (inout GmailConfiguration) -> Void = { _ in }
  ) async throws {
    self.sandbox = try #require(sandbox)
    try self.sandbox.clearRules()
    folder = try TemporaryFolder()
    var configuration = GmailConfiguration(
      credentialFile: self.sandbox.state.path + "/authorized_user.json", apiRoot: TrustedURL(self.sandbox.url))
    configuration.tokenURI = TrustedURL(self.sandbox.url + "/token")
    configuration.caFile = self.sandbox.caFile
    configuration.usesHTTP2 = http == .http2
    configuration.settle = .milliseconds(200)
    configuration.secondLook = .milliseconds(20)
    configuration.lookAgain = .milliseconds(50)
    configuration.waitFloor = .milliseconds(10)
    configuration.backoffCap = .milliseconds(40)
    change(&configuration)
    self.configuration = configuration
    loop = TransferLoop(TransferOptions(caFile: configuration.caFile, usesHTTP2: configuration.usesHTTP2))
    sender = GmailSend(
      configuration, files: FileRoots(roots: [folder.path], forbidden: []), loop: loop, time: .system)
    client = GmailClient(configuration, loop: loop, time: .system)
    let bytes = Array("%PDF-1.4\n".utf8) + (0..<max(0, sizeInBytes - 9)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = try folder.write("invoice.pdf", bytes)
    pdf = FileReference(path: path, sha256: SHA256Hasher.digest(of: bytes), sizeInBytes: bytes.count)
    let number = Self.last.add(1, ordering: .relaxed).newValue
    key = DeliveryKey(store: "store", delivery: Int64(number), preparation: 1)
  }

  func message(to address: String = "ann@example.org") -> Message {
    Message(
      to: [Mailbox(address: address)], subject: "Facture \(key)", text: "Bonjour\n",
      attachments: [Attachment(file: pdf, name: "facture.pdf", contentType: "application/pdf")])
  }

  func prepare(to address: String = "ann@example.org") async throws -> SendToken {
    try await sender.admit()
    return try await sender.prepare(message(to: address), for: key)
  }

  /// How often the sandbox delivered this bench's mail.
  var delivered: Int {
    get throws { try sandbox.log("delivered", key: key.description).count }
  }

  func calls(_ name: String) throws -> [LogLine] {
    try sandbox.log("call", key: key.description).filter { $0.call == name }
  }

  func draft(of token: SendToken) throws -> DraftToken { try #require(DraftToken(token)) }
}
