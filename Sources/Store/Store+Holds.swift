import Foundation
import GRDB
import Model

/// Why the sender of a pipeline does not go on. Holds of a job are a person's (`pause`), or those of the store itself.
extension Store {
  /// Places a hold on a pipeline's sender, or renews it. True when it was not there.
  ///
  /// - Parameter until: when it ends by itself; nil: by its cause alone.
  @discardableResult
  package func hold(
    pipeline: String, _ kind: Hold.Kind, _ code: ErrorCode?, _ detail: String, until: Date? = nil
  ) async throws(StoreError) -> Bool {
    try await change { try $0.hold(job: nil, pipeline: pipeline, kind, code, detail, until: until) }
  }

  /// Removes a hold from a pipeline's sender. True when it was there.
  @discardableResult
  package func release(pipeline: String, _ kind: Hold.Kind) async throws(StoreError) -> Bool {
    try await change { try $0.release(job: nil, pipeline: pipeline, kind) }
  }

  /// Removes the holds of a pipeline's sender whose time has come.
  package func releaseEnded(pipeline: String) async throws(StoreError) {
    let now = time.now().milliseconds
    let ended: @Sendable (Database) throws -> [String] = { db in
      try String.fetchAll(
        db, sql: "SELECT kind FROM hold WHERE pipeline = ? AND until <= ?", arguments: [pipeline, now])
    }
    guard try await !read(ended).isEmpty else { return }
    try await change { transaction in
      for kind in try ended(transaction.db).compactMap(Hold.Kind.init(rawValue:)) {
        try transaction.release(job: nil, pipeline: pipeline, kind)
      }
    }
  }

  package func holds(pipeline: String) async throws(StoreError) -> [Hold] {
    try await read { try Hold.fetchAll($0, job: nil, pipeline: pipeline) }
  }
}
