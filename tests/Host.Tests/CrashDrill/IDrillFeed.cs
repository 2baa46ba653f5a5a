using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>The requests of a drill, from a seed.</summary>
internal interface IDrillFeed
{
    IDrillRequest Next();
}

/// <summary>What a sender posts, and posts again until it is answered with success.</summary>
internal interface IDrillRequest
{
    Task<HttpResponseMessage> PostAsync(GatewayClient gateway);

    /// <summary>What the senders remember it by; fails unless the answer is a success.</summary>
    Task<string> KeyOfAsync(HttpResponseMessage answer);

    /// <summary>The keys that it must have and that are not stored.</summary>
    IEnumerable<string> LostFrom(IReadOnlySet<string> stored, string key);
}
