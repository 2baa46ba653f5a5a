namespace Gateway.Shared.Errors;

/// <summary>
/// A queue, store or cache did not complete an operation. It neither counts as an attempt nor loses an event: ingest answers
/// 503, the worker releases the event.
/// </summary>
public sealed class BackendUnavailableException(string backend, string message, Exception? inner = null)
    : Exception($"{backend}: {message}", inner)
{
    public string Backend { get; } = backend;
}
