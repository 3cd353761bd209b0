import Model

/// The stages that a job's invoices go through, ready for use.
package struct Pipeline: Sendable {
  package var name: String
  package var render: any RenderStage
  package var send: any SendStage
  package var record: [RecordStep]
  package var backoff: Backoff

  package init(
    name: String, render: any RenderStage, send: any SendStage,
    record: [RecordStep], backoff: Backoff
  ) {
    self.name = name
    self.render = render
    self.send = send
    self.record = record
    self.backoff = backoff
  }
}

extension Pipeline {
  private var stages: [any Stage] { [render, send] + record.map { $0.stage as any Stage } }

  /// Starts every stage; where one cannot, those before it are closed again.
  func start() async throws(StageError) {
    var started: [any Stage] = []
    for stage in stages {
      do throws(StageError) {
        try await stage.start()
        started.append(stage)
      } catch {
        for stage in started.reversed() { await stage.close() }
        throw error
      }
    }
  }

  func close() async {
    for stage in stages.reversed() { await stage.close() }
  }
}

/// One of a pipeline's record stages.
package struct RecordStep: Sendable {
  /// Tells it from the pipeline's other ones, and stays the same over a restart: the store keeps who has a receipt.
  package var name: String
  package var stage: any RecordStage

  package init(name: String, stage: any RecordStage) {
    self.name = name
    self.stage = stage
  }
}
