using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources.Mapping;
using Gateway.EventsGateway.Sources.Templates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Tests.Sources.Mapping;

/// <summary>20,000 bodies and templates of a seeded generator: each request has a result that keeps the rules.</summary>
public sealed class GeneratedMappingTests
{
    private readonly MappingGenerator _generator = new(new Random(14));
    private int _mapped, _skipped, _unmappedItems, _unmappedRequests, _compiled, _refused;

    [Fact]
    public void Every_body_and_every_template_has_a_result()
    {
        for (var i = 0; i < 20_000; i++)
        {
            var errors = new List<string>();
            var definition = _generator.Definition();
            var mapping = SourceMapping.TryCompile(definition, errors);
            (mapping is null).ShouldBe(errors.Count > 0);
            errors.Exists(error => error.Length < 10 || error.Contains('\n')).ShouldBeFalse();
            if (mapping is null) _refused++;
            else _compiled++;
            mapping ??= SourceMapping.TryCompile(SampleMappings.Usps with { Id = "{$.a ?? $$.a ?? digest}" }, errors)!;

            var body = _generator.Body();
            var request = mapping.Map(Request(), body, DateTimeOffset.UnixEpoch.AddYears(56));

            Check(request, body);
        }

        // The generator reaches every kind of result.
        new[] { _mapped, _skipped, _unmappedItems, _unmappedRequests, _compiled, _refused }.ShouldAllBe(count => count > 20);
    }

    private void Check(MappedRequest request, byte[] body)
    {
        if (!MappingGenerator.IsJson(body)) request.Unmapped.ShouldNotBeNull();
        if (request.Unmapped is not null) _unmappedRequests++;
        if (request.Unmapped is not null || request.IsSkipped) request.Items.ShouldBeEmpty();
        foreach (var item in request.Items)
        {
            if (item.IsSkipped) _skipped++;
            else if (item.Unmapped is not null) _unmappedItems++;
            else _mapped++;
            if (item.Event is not { } e) continue;
            item.Unmapped.ShouldBeNull();
            foreach (var id in new[] { e.EventId, e.MerchantId, e.ShipmentId }) FieldRules.ValidateId(id).ShouldBeNull();
            MappingGenerator.IsJson(Encoding.UTF8.GetBytes(e.Details)).ShouldBeTrue();
            e.Type.ShouldNotBe(EventType.Unknown);
        }
    }

    private RequestValues Request()
    {
        var value = _generator.Hostile();
        return new(
            new HeaderDictionary { ["x"] = _generator.OneIn(5) ? new StringValues([value, "b"]) : value },
            new QueryCollection(new Dictionary<string, StringValues> { ["q"] = _generator.Hostile() }),
            new Dictionary<string, string> { ["r"] = _generator.Hostile() });
    }
}
