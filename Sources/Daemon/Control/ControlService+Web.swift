import Control
import Model

extension ControlService {
  func makeWebCode(_ call: VarlinkCall) async throws {
    let given = try call.parameters(as: JobsInterface.MakeWebCode.Parameters.self).name
    let own = await person(call).name
    guard let name = given.map(Person.givenName) ?? own else { throw VarlinkError.invalidParameter("name") }
    let lifetime = given == nil ? WebCodes.ownLifetime : WebCodes.givenLifetime
    let (code, expiresAt) = codes.make(for: name, lifetime: lifetime, now: time.now())
    try await call.reply(JobsInterface.MakeWebCode.Reply(code: code, name: name, expiresAt: expiresAt))
  }

  func takeWebCode(_ call: VarlinkCall) async throws {
    let code = try call.parameters(as: JobsInterface.TakeWebCode.Parameters.self).code
    guard let name = codes.take(code, now: time.now()) else { throw VarlinkError.noSuchCode }
    try await call.reply(JobsInterface.TakeWebCode.Reply(name: name))
  }
}
