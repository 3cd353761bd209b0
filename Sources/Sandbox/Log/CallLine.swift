/// `call`: one call of the API or of the token endpoint, written before its answer leaves.
struct CallLine: Encodable {
  enum CodingKeys: String, CodingKey {
    case call, method, path, account, http, connection, arrived, status, reason, fault
  }

  let call: Call?
  let method: String
  let path: String
  let account: String
  /// `2` or `1.1`.
  let http: String
  /// Number of the TCP connection.
  let connection: Int
  /// Calls are numbered as their heads arrive; lines are written as they end.
  let arrived: Int
  /// The status that left; 0 when none did.
  var status = 0
  var reason: String?
  /// What a scenario did to it, or `client_left`.
  var fault: String?
  var facts = CallFacts()

  mutating func refused(_ refusal: APIError) {
    status = refusal.response.status
    reason = refusal.reason
  }

  func encode(to encoder: any Encoder) throws {
    try facts.encode(to: encoder)
    var line = encoder.container(keyedBy: CodingKeys.self)
    try line.encode(call, forKey: .call)
    try line.encode(method, forKey: .method)
    try line.encode(path, forKey: .path)
    try line.encode(account, forKey: .account)
    try line.encode(http, forKey: .http)
    try line.encode(connection, forKey: .connection)
    try line.encode(arrived, forKey: .arrived)
    try line.encode(status, forKey: .status)
    try line.encodeIfPresent(reason, forKey: .reason)
    try line.encodeIfPresent(fault, forKey: .fault)
  }
}
