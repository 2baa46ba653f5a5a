namespace Gateway.Fuzz;

/// <param name="Bytes">As they are sent.</param>
/// <param name="IsWhole">The server has all that it waits for, and closes the connection after its answer.</param>
internal sealed record FuzzedRequest(byte[] Bytes, bool IsWhole)
{
    /// <summary>The signed body of a request to the built-in source; null of any other request.</summary>
    public byte[]? Signed { get; init; }
}
