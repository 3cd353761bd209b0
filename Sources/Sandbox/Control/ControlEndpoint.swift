import Foundation

/// `/sandbox/…`: what tests and people do to the sandbox, rather than with it. Needs no token, leaves no `call` line.
struct ControlEndpoint: Sendable {
  private struct Deed: Decodable {
    enum Kind: String, Decodable {
      case edit, delete, send, expire, revoke
    }

    let kind: Kind

    enum CodingKeys: String, CodingKey {
      case kind = "do"
    }
  }

  private struct Complaint: Encodable {
    let error: String
  }

  private struct Done: Encodable {
    let done = true
  }

  static let path = "/sandbox/"
  private static let maximumBytes = 1 << 20

  let mailbox: Mailbox
  let tokens: Tokens
  let scenario: Scenario
  let log: Log
  /// For uploads under way.
  let incoming: URL

  func answer(_ request: Request, body: inout RequestStream) async throws -> Response {
    let json = Data(try await body.collect(limit: Self.maximumBytes) ?? [])
    let path = request.path.dropFirst(Self.path.count).split(separator: "/").map(String.init)
    do {
      switch (request.method, path.first, path.count) {
      case (.GET, "state", 1): return .json(await SandboxState(mailbox: mailbox, scenario: scenario, log: log))
      case (.POST, "scenario", 1): scenario.add(try JSONDecoder().decode(Scenario.Rules.self, from: json).rules)
      case (.DELETE, "scenario", 1): scenario.clear()
      case (.POST, "token", 1):
        switch try JSONDecoder().decode(Deed.self, from: json).kind {
        case .expire: tokens.expireAll()
        case .revoke: tokens.revoke()
        default: return .json(Complaint(error: "do: expire or revoke"), status: 400)
        }
      case (.POST, "drafts", 1): return .json(try await write(json))
      case (.POST, "drafts", 2):
        let deed = try JSONDecoder().decode(Deed.self, from: json).kind
        guard let line = try await touch(path[1], deed) else {
          return .json(Complaint(error: "do: edit, delete or send"), status: 400)
        }
        log.append(line)
      default: return .json(Complaint(error: "no such thing: \(request.path)"), status: 404)
      }
      return .json(Done())
    } catch let refusal as APIError {
      return refusal.response
    } catch let error as DecodingError {
      return .json(Complaint(error: "\(error)"), status: 400)
    }
  }

  /// A person writes a mail, and leaves it as a draft.
  private func write(_ mail: Data) async throws -> Resource.Draft {
    let upload = try Upload.receive(mail, into: incoming)
    defer { upload.discard() }
    let draft = try await mailbox.create(upload)
    log.append(PersonLine(did: "write", draft: draft.id, message: draft.message))
    return Resource.Draft(id: draft.id, message: .init(draft))
  }

  /// A person at a draft. Nil when there is no such deed.
  private func touch(_ id: String, _ deed: Deed.Kind) async throws(APIError) -> PersonLine? {
    switch deed {
    case .edit: PersonLine(did: "edit", draft: id, message: try await mailbox.edit(id).message)
    case .delete: PersonLine(did: "delete", draft: id, message: try await mailbox.delete(id).message)
    case .send: PersonLine(did: "send", draft: id, message: try await mailbox.send(draft: id, by: .person).message)
    case .expire, .revoke: nil
    }
  }
}
