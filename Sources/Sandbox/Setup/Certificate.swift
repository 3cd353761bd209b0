import Foundation
import NIOSSL

/// The server's certificate for localhost, signed by a certificate authority of its own (`ca.pem`).
///
/// Made at the first start (EC P-256, ten years) and taken as it is afterwards. The authority's key is not kept.
struct Certificate: Sendable {
  private let chain: [NIOSSLCertificate]
  private let key: NIOSSLPrivateKey

  init(in folder: StateFolder) async throws {
    if !folder.has("server.pem") { try await Self.make(in: folder) }
    chain = try NIOSSLCertificate.fromPEMFile(folder.file("server.pem").path)
    key = try NIOSSLPrivateKey(file: folder.file("server.key").path, format: .pem)
  }

  /// TLS 1.2 or newer, as Google's servers.
  func context(http1Only: Bool) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = http1Only ? ["http/1.1"] : ["h2", "http/1.1"]
    return try NIOSSLContext(configuration: configuration)
  }

  /// `server.pem` comes last: where it is, all of them are.
  private static func make(in folder: StateFolder) async throws {
    let names = ["ca.key", "ca.pem", "server.key", "server.new"].map { folder.file($0).path }
    let (authorityKey, authority, key, certificate) = (names[0], names[1], names[2], names[3])
    let newKey = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650"]
    try await OpenSSLTool.run(
      newKey + [
        "-subj", "/CN=invoiced-sandbox CA", "-keyout", authorityKey, "-out", authority,
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
      ])
    try await OpenSSLTool.run(
      newKey + [
        "-subj", "/CN=localhost", "-keyout", key, "-out", certificate, "-CA", authority, "-CAkey", authorityKey,
        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE",
        "-addext", "extendedKeyUsage=serverAuth",
      ])
    try FileManager.default.removeItem(atPath: authorityKey)
    try FileManager.default.moveItem(atPath: certificate, toPath: folder.file("server.pem").path)
  }
}
