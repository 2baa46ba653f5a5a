using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill.Sources;

/// <summary>A request of the source of the drills, and what its items have to become.</summary>
internal sealed class Batch(string body) : IDrillRequest
{
    /// <summary>What the keys of containers begin with.</summary>
    public const string ContainerPrefix = "_7eunmapped.";

    private readonly byte[] _body = Encoding.UTF8.GetBytes(body);

    /// <summary>Events by each mapping of the source.</summary>
    public IReadOnlyList<string> Mapped { get; init; } = [];

    /// <summary>Events by the repaired mapping alone; until then they are in the container of their request.</summary>
    public IReadOnlyList<string> Unmapped { get; init; } = [];

    public int Skipped { get; init; }

    /// <summary>No mapping can read it: it stays a container.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>The key of its container, if it has one.</summary>
    public string Container { get; }
        = $"{ContainerPrefix}{SourcesFile.Source}_3a{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}";

    public static string KeyOf(string id) => $"{SourcesFile.Source}.{id}";

    public async Task<HttpResponseMessage> PostAsync(GatewayClient gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sources/{SourcesFile.Source}")
        {
            Content = new ByteArrayContent(_body),
        };
        request.Headers.Add("X-Signature", Signature.Of(_body, SourcesFile.Secret));
        return await gateway.Http.SendAsync(request);
    }

    public Task<string> KeyOfAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return Task.FromResult(Container);
    }

    public IEnumerable<string> LostFrom(IReadOnlySet<string> stored, string key)
    {
        if (stored.Contains(Container)) return Mapped.Where(one => !stored.Contains(one));
        return Mapped.Concat(Unmapped).Where(one => !stored.Contains(one)).Concat(IsUnreadable ? [Container] : []);
    }
}
