import Files
import Foundation
import Model
import TestSupport
import Testing

@testable import Stages

@Suite struct MaildirSendTests {
  let folder: TemporaryFolder
  let sender: MaildirSend
  static let key = DeliveryKey(store: "k3yst0re", delivery: 42, preparation: 1)
  static let attempt = UnknownAttempt(sinceSending: .zero, sinceEnd: .zero, resends: 0)
  static let now = Date(timeIntervalSince1970: 1_795_359_845.5)

  init() throws {
    folder = try TemporaryFolder()
    sender = Self.sender(folder)
  }

  static func sender(_ folder: TemporaryFolder, path: String = "mail") -> MaildirSend {
    var time = Time.system
    time.now = { now }
    let configuration = MaildirConfiguration(
      path: folder(path), from: Mailbox(address: "f@münchen.example"), replyTo: [], concurrency: 2)
    return MaildirSend(configuration, files: FileRoots(roots: [folder("inbox")], forbidden: []), time: time)
  }

  private func message(_ content: [UInt8] = Array("%PDF-".utf8)) throws -> Message {
    let path = try folder.write("inbox/a.pdf", content)
    let file = FileReference(path: path, sha256: SHA256Hasher.digest(of: content), sizeInBytes: content.count)
    let attachment = Model.Attachment(file: file, name: "a.pdf", contentType: "application/pdf")
    return Message(to: [Mailbox(address: "a@b.be")], subject: "Facture", text: "Bonjour", attachments: [attachment])
  }

  private func prepared() async throws -> (token: SendToken, file: String) {
    let token = try await sender.prepare(message(), for: Self.key)
    return (token, try #require(folder.names(in: "mail/tmp").first))
  }

  private func places() -> [Int] { ["tmp", "new", "cur"].map { folder.names(in: "mail/\($0)").count } }

  @Test("it claims nothing unless it is told that it delivers")
  func traits() {
    #expect(sender.traits == SenderTraits(delivers: false, concurrency: 2, messagesPerDay: nil))
  }

  @Test("a mail is written into tmp, whole, and delivered by a rename into new")
  func delivers() async throws {
    let (token, file) = try await prepared()
    #expect(places() == [1, 0, 0])
    #expect(token.text.utf8.count <= SendToken.maximumSizeInBytes)
    #expect(file.hasPrefix("1795359845.M500000P") && file.contains("Vk3yst0re-42-1."))
    let outcome = await sender.send(token, after: .none)
    #expect(outcome == .sent(Receipt(message: file, account: folder("mail"), at: Self.now)))
    #expect(places() == [0, 1, 0])
    let mail = try #require(FileManager.default.contents(atPath: folder("mail/new/\(file)")))
    let text = String(decoding: mail, as: UTF8.self)
    #expect(text.contains("X-Invoiced-Key: k3yst0re.42.1\r\n"))
    #expect(text.contains("Message-ID: <k3yst0re.42.1@xn--mnchen-3ya.example>\r\n"))
    #expect(text.hasSuffix("--\r\n"))
  }

  @Test("a mail of many megabytes arrives whole")
  func large() async throws {
    let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let token = try await sender.prepare(message(content), for: Self.key)
    _ = await sender.send(token, after: .none)
    let file = try #require(folder.names(in: "mail/new").first)
    let mail = try #require(FileManager.default.contents(atPath: folder("mail/new/\(file)")))
    #expect(mail.count > 4_000_000)
    #expect(mail.suffix(4) == Data("--\r\n".utf8))
  }

  @Test("a mail that still lies in tmp was not sent")
  func reconcilesPrepared() async throws {
    let (token, _) = try await prepared()
    #expect(await sender.reconcile(token, Self.attempt) == .notSent)
    #expect(places() == [1, 0, 0])
  }

  @Test("a mail in new, or in cur with the flags of its reader, was sent", arguments: ["new/", "cur/", "cur/:2,S"])
  func reconcilesSent(place: String) async throws {
    let (token, file) = try await prepared()
    let target = place.replacing("/", with: "/" + file)
    try FileManager.default.moveItem(atPath: folder("mail/tmp/\(file)"), toPath: folder("mail/\(target)"))
    let receipt = Receipt(message: file, account: folder("mail"), at: Self.now)
    #expect(await sender.reconcile(token, Self.attempt) == .sent(receipt))
    #expect(await sender.send(token, after: .unknown) == .sent(receipt))
    #expect(places().reduce(0, +) == 1)
  }

  @Test("a mail that is nowhere is a person's to decide")
  func gone() async throws {
    let (token, file) = try await prepared()
    try FileManager.default.removeItem(atPath: folder("mail/tmp/\(file)"))
    try folder.write("mail/cur/\(file)0:2,", [])
    #expect(await sender.reconcile(token, Self.attempt) == .ask(.draftGone, file))
    #expect(await sender.send(token, after: .none) == .ask(.draftGone, file))
  }

  @Test("a mail is never put in another's place")
  func taken() async throws {
    let (token, file) = try await prepared()
    try folder.write("mail/new/\(file)", "another".utf8)
    guard case .notSent(let error) = await sender.send(token, after: .none) else {
      Issue.record("sent over another mail")
      return
    }
    #expect(error.code == .senderFolder && error.meaning == .hold(.sender))
    #expect(FileManager.default.contents(atPath: folder("mail/new/\(file)")) == Data("another".utf8))
  }

  @Test("trouble with the folder before the rename proves that nothing was sent, and holds the sender")
  func folderTrouble() async throws {
    let (token, _) = try await prepared()
    try FileManager.default.removeItem(atPath: folder("mail/new"))
    guard case .notSent(let error) = await sender.send(token, after: .none) else {
      Issue.record("not a proof")
      return
    }
    #expect(error.meaning == .hold(.sender))
    #expect(error.detail.hasSuffix("No such file or directory"))
    try folder.makeFolder("mail/new")
    guard case .sent = await sender.send(token, after: .none) else {
      Issue.record("the same token cannot be sent once the folder is back")
      return
    }
  }

  @Test("a folder that cannot be looked at leaves the attempt unknown, and says so to a person")
  func unreadable() async throws {
    let (token, _) = try await prepared()
    try FileManager.default.moveItem(atPath: folder("mail"), toPath: folder("away"))
    guard case .blocked(.senderFolder, _, .seconds(10)) = await sender.reconcile(token, Self.attempt) else {
      Issue.record("not blocked")
      return
    }
    guard case .unknown(.answerLost, _) = await sender.send(token, after: .none) else {
      Issue.record("claims to know")
      return
    }
  }

  @Test("a Maildir that cannot be made or written holds the sender", arguments: ["none/mail", "inbox/a.pdf"])
  func cannotWrite(path: String) async throws {
    let message = try message()
    let error = await #expect(throws: StageError.self) {
      try await Self.sender(folder, path: path).prepare(message, for: Self.key)
    }
    #expect(error?.code == .senderFolder && error?.meaning == .hold(.sender))
  }

  @Test("an attachment that changed rejects the message and leaves no file")
  func changed() async throws {
    let message = try message()
    try folder.write("inbox/a.pdf", "%PDF+".utf8)
    let error = await #expect(throws: StageError.self) { try await sender.prepare(message, for: Self.key) }
    #expect(error?.code == .fileChanged && error?.meaning == .reject)
    #expect(places() == [0, 0, 0])
  }

  @Test("discarding takes a mail out of tmp, once, and touches no delivered one")
  func discards() async throws {
    let (token, _) = try await prepared()
    #expect(await sender.discard(token) == .removed)
    #expect(await sender.discard(token) == .absent)
    let sent = try await prepared().token
    _ = await sender.send(sent, after: .none)
    #expect(await sender.discard(sent) == .absent)
    #expect(places() == [0, 1, 0])
  }

  private func leftovers() async throws -> [Leftover] {
    var found: [Leftover] = []
    for try await leftover in sender.leftovers(store: "k3yst0re") { found.append(leftover) }
    return found
  }

  @Test("what is left in tmp is found by its keys, and each is discarded by its own token alone")
  func finds() async throws {
    let (token, file) = try await prepared()
    _ = try await sender.prepare(message(), for: DeliveryKey(store: "k3yst0re", delivery: 43, preparation: 1))
    _ = try await sender.prepare(message(), for: DeliveryKey(store: "other", delivery: 43, preparation: 1))
    try folder.write("mail/tmp/1795359845.M1P1Vk3yst0re-x-1.host", [])
    try folder.write("mail/tmp/1795359845.4242_1.host", [])
    let found = try await leftovers()
    #expect(found.map(\.key.delivery).sorted() == [42, 43])
    #expect(found.filter { sender.isSamePreparation($0.token, token) }.map(\.key.delivery) == [42])
    for leftover in found where leftover.key.delivery == 43 {
      #expect(await sender.discard(leftover.token) == .removed)
    }
    #expect(folder.names(in: "mail/tmp").count == 4 && folder.names(in: "mail/tmp").contains(file))
  }

  @Test("where no mail was ever written nothing is left")
  func findsNothing() async throws {
    #expect(try await leftovers() == [])
    #expect(folder.names(in: "mail") == [])
  }

  @Test(
    "a token of another Maildir, and one that is none, is neither sent nor judged: a person has to look",
    arguments: [true, false])
  func foreignToken(isToken: Bool) async throws {
    let (token, _) = try await prepared()
    let other = Self.sender(folder, path: "other")
    let foreign = isToken ? token : SendToken("{\"folder\":\"\(folder("other"))\",\"file\":\"../x\"}")
    guard case .notSent(let error) = await other.send(foreign, after: .none) else {
      Issue.record("sent")
      return
    }
    #expect(error.code == .accountChanged && error.meaning == .hold(.sender))
    guard case .blocked(.accountChanged, _, .seconds(10)) = await other.reconcile(foreign, Self.attempt) else {
      Issue.record("not blocked")
      return
    }
    guard case .failed = await other.discard(foreign) else {
      Issue.record("discarded")
      return
    }
    #expect(places() == [1, 0, 0])
  }
}
