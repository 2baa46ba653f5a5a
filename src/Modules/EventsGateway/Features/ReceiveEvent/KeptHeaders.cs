using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;
using Gateway.Shared.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>The request headers that are stored with an event, as a JSON object.</summary>
internal sealed class KeptHeaders(IOptions<WebhookOptions> options)
{
    private readonly string[] _names = [.. options.Value.KeptHeaders];

    /// <summary>Null where the request has none of them.</summary>
    public string? Of(IHeaderDictionary headers)
    {
        Dictionary<string, string>? kept = null;
        foreach (var name in _names)
        {
            if (!headers.TryGetValue(name, out var value)) continue;
            (kept ??= []).Add(name, OutsideText.Clean(HeaderText.Of(value.ToString())));
        }

        return kept is null ? null : JsonSerializer.Serialize(kept, EventJson.Default.DictionaryStringString);
    }
}
