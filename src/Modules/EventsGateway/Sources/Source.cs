using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Bodies;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Samples;
using Gateway.EventsGateway.Sources.Templates;
using Gateway.EventsGateway.Sources.Verification;

namespace Gateway.EventsGateway.Sources;

/// <summary>One configured sender, compiled.</summary>
internal sealed class Source
{
    /// <summary>The <c>shippingCompanyId</c> of its events.</summary>
    public required string Name { get; init; }

    public required string Preset { get; init; }

    public required RequestPattern Path { get; init; }

    public required VerifySettings Verify { get; init; }

    /// <summary>Null in a process without ingest: it has no secrets.</summary>
    public required Verifier? Verifier { get; init; }

    public required SourceMapping Mapping { get; init; }

    public required AfterEnd AfterEnd { get; init; }

    public required SourceAnswer Answer { get; init; }

    public required IReadOnlyList<Handshake> Handshakes { get; init; }

    /// <summary>The paths that handshakes and their answers read; null where they read nothing of the body.</summary>
    public required BodyPlan? HandshakePaths { get; init; }

    /// <summary>The paths that <see cref="Answer"/> reads.</summary>
    public required BodyPlan? AnswerPaths { get; init; }

    /// <summary>
    /// The header, query and route values that the mapping reads, without the proof: with the body they are all that a later
    /// mapping needs.
    /// </summary>
    public required IReadOnlyList<Reference> MappedParts { get; init; }

    public required int MaxBodyBytes { get; init; }

    public required SenderHealth Health { get; init; }

    public required IReadOnlyList<SourceSample> Samples { get; init; }

    /// <summary>The samples whose expected events are those of this mapping.</summary>
    public required IReadOnlyList<SourceSample> OwnSamples { get; init; }

    /// <summary>What the ids of its events are made of: with another one, events that were sent before count again.</summary>
    public required string Identity { get; init; }

    public required ProofStrength Proof { get; init; }
}

/// <param name="Status">200, 202 or 204.</param>
/// <param name="Body">Null for 204.</param>
/// <param name="ContentType"><c>application/json</c> or <c>text/plain</c>.</param>
internal sealed record SourceAnswer(int Status, Template? Body, string ContentType)
{
    public IEnumerable<Template> Templates => Body is null ? [] : [Body];
}

/// <summary>A request that asks whether this is the right address; answered before the signature and never stored.</summary>
/// <param name="Query">The query value of a GET; else null.</param>
/// <param name="Value">What of a POST is compared; else null.</param>
/// <param name="Is">The texts that it is compared with.</param>
/// <param name="Answer">The answer.</param>
internal sealed record Handshake(string? Query, Template? Value, TextTable<bool> Is, SourceAnswer Answer)
{
    public IEnumerable<Template> Templates => Value is null ? Answer.Templates : Answer.Templates.Append(Value);

    /// <summary>Of a GET.</summary>
    public bool IsIn(RequestValues request) => Query is { } name && request.Query(name) is not null;

    /// <summary>Of a POST.</summary>
    public bool IsIn(in TemplateValues values) => Value?.Render(values) is { } text && Is.TryFind(text, out _);
}

/// <summary>What the sender does without our answer, for warnings.</summary>
/// <param name="SilenceAfter">A silence of this length is unusual.</param>
/// <param name="DisablesAfter">Failures in a row after which it sends no more.</param>
/// <param name="GivesUpAfter">How long it repeats a request.</param>
internal sealed record SenderHealth(TimeSpan? SilenceAfter, int? DisablesAfter, TimeSpan? GivesUpAfter);
