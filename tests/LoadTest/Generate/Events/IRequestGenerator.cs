using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Generate.Events;

/// <summary>Makes the requests of one source in one run; the same number always is the same event.</summary>
internal interface IRequestGenerator
{
    /// <summary>Length of the longest request in bytes.</summary>
    int MaxLength { get; }

    /// <summary>Events of one request.</summary>
    int EventCount { get; }

    /// <summary>The status of a success.</summary>
    int AcceptedStatus { get; }

    ISentEvents Sent { get; }

    IRequestWriter NewWriter();
}

/// <summary>Writes the requests of one connection, one after the other, without allocations.</summary>
internal interface IRequestWriter : IDisposable
{
    /// <param name="number">The first event of the request.</param>
    /// <returns>The length of the request.</returns>
    int Write(long number, Span<byte> destination);
}
