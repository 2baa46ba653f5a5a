using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>The request headers that are stored with an event, as a JSON object.</summary>
internal sealed class KeptHeaders(IOptions<WebhookOptions> options)
{
    private const int MaxLength = 512;

    private readonly string[] _names = [.. options.Value.KeptHeaders];

    /// <summary>Null where the request has none of them.</summary>
    public string? Of(IHeaderDictionary headers)
    {
        Dictionary<string, string>? kept = null;
        foreach (var name in _names)
        {
            if (!headers.TryGetValue(name, out var value)) continue;
            var text = HeaderText.Of(value.ToString());
            (kept ??= []).Add(name, text.Length <= MaxLength ? text : text[..MaxLength]);
        }

        return kept is null ? null : JsonSerializer.Serialize(kept, EventJson.Default.DictionaryStringString);
    }
}
