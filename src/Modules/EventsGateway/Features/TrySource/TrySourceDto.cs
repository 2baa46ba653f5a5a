using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.EventsGateway.Sources.Templates;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Features.TrySource;

/// <summary>A request as a sender would post it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TrySourceDto
{
    internal const int MaxBodyBytes = 1024 * 1024;

    /// <summary>By name its value, or a list of values as of a header that was sent more than once.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Headers { get; init; }

    /// <summary>At most 1 MiB.</summary>
    public string? Body { get; init; }

    /// <summary>As headers.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Query { get; init; }

    /// <summary>The values of the path's segments <c>{x}</c>.</summary>
    public IReadOnlyDictionary<string, string>? Route { get; init; }

    /// <summary>POST, if absent, or GET.</summary>
    public string? Method { get; init; }

    internal bool IsGet => Method == HttpMethods.Get;

    internal RequestValues Values() => new(
        new HeaderDictionary(TextsOf(Headers, StringComparer.OrdinalIgnoreCase)),
        new QueryCollection(TextsOf(Query, StringComparer.Ordinal)), Route ?? new Dictionary<string, string>());

    internal static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String
        || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String));

    private static Dictionary<string, StringValues> TextsOf(
        IReadOnlyDictionary<string, JsonElement>? given, StringComparer comparer)
    {
        var texts = new Dictionary<string, StringValues>(comparer);
        foreach (var (name, value) in given ?? new Dictionary<string, JsonElement>())
        {
            var values = value.ValueKind == JsonValueKind.Array
                ? new StringValues([.. value.EnumerateArray().Select(one => one.GetString())])
                : new StringValues(value.GetString());
            // Two spellings of a header are one header that was sent twice.
            texts[name] = StringValues.Concat(texts.GetValueOrDefault(name), values);
        }

        return texts;
    }
}

internal sealed record TrySourceQuery(string Name, TrySourceDto Request) : IRequest<TrySourceResponse?>;

internal sealed class TrySourceValidator : AbstractValidator<TrySourceQuery>
{
    public TrySourceValidator()
    {
        RuleFor(query => query.Request.Body)
            .Must(body => body is null || Encoding.UTF8.GetByteCount(body) <= TrySourceDto.MaxBodyBytes)
            .OverridePropertyName("body").WithMessage($"body must have at most {TrySourceDto.MaxBodyBytes} bytes");
        RuleFor(query => query.Request.Method).Must(method => method is null or "GET" or "POST")
            .OverridePropertyName("method").WithMessage("method must be POST or GET");
        RuleFor(query => query.Request).Custom((request, context) =>
        {
            foreach (var field in WrongFields("headers", request.Headers).Concat(WrongFields("query", request.Query)))
                context.AddFailure(field, $"{field} must be a text or a list of texts");
        });
    }

    private static IEnumerable<string> WrongFields(string member, IReadOnlyDictionary<string, JsonElement>? given)
        => (given ?? new Dictionary<string, JsonElement>()).Where(one => !TrySourceDto.IsText(one.Value))
            .Select(one => $"{member}.{one.Key}");
}
