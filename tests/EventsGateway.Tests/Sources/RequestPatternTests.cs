using Gateway.EventsGateway.Sources;

namespace Gateway.EventsGateway.Tests.Sources;

public sealed class RequestPatternTests
{
    [Theory]
    [InlineData("/v1/sources/dhl", "/v1/sources/dhl", "")]
    [InlineData("/v1/sources/dhl", "/V1/Sources/DHL/?x=/y", "")]
    [InlineData("/v1/sources/dhl", "/v1/sources/d%68l", "")]
    [InlineData("/in/{a}/{b}", "/in/x%20y/%C3%A9/", "a=x y,b=é")]
    [InlineData("/in/{a}", "/in/a%2525", "a=a%25")]
    [InlineData("/in/{a}", "/in/a+b", "a=a+b")]
    public void A_path_matches_in_any_case_with_one_trailing_slash_and_decoded_once(string pattern, string target, string values)
        => Match(pattern, target).ShouldBe(values);

    [Theory]
    [InlineData("/v1/sources/dhl", "/v1/sources/dhl//")]
    [InlineData("/v1/sources/dhl", "//v1/sources/dhl")]
    [InlineData("/v1/sources/dhl", "/v1/sources/dhl/x")]
    [InlineData("/v1/sources/dhl", "/v1%2Fsources/dhl")]
    [InlineData("/v1/sources/dhl", "/v1%2fsources%2fdhl")]
    [InlineData("/v1/sources/dhl", "http://host/v1/sources/dhl")]
    [InlineData("/in/{a}", "/in/")]
    [InlineData("/in/{a}", "/in/a%2Fb")]
    [InlineData("/in/{a}", "/in/..")]
    [InlineData("/in/{a}", "/in/%2e%2e")]
    [InlineData("/in/{a}", "*")]
    [InlineData("/in/{a}", "")]
    public void Another_path_does_not_match(string pattern, string target) => Match(pattern, target).ShouldBeNull();

    [Theory]
    [InlineData("in")]
    [InlineData("/")]
    [InlineData("/{a}")]
    [InlineData("/in/{a}/b")]
    [InlineData("/in/{a}/{b}/{c}")]
    [InlineData("/in/{a}/{a}")]
    [InlineData("/in/{a b}")]
    [InlineData("/in/x{a}")]
    [InlineData("/in//x")]
    [InlineData("/in/..")]
    [InlineData("/in/a%20b")]
    [InlineData("/v1/dhl")]
    [InlineData("/V1/Events-Gateway/events")]
    [InlineData("/v1/sources")]
    [InlineData("/console/x")]
    [InlineData("/HEALTH")]
    [InlineData("/metrics")]
    [InlineData("/docs/senders")]
    [InlineData("/api-docs-json")]
    public void A_path_that_is_reserved_or_has_another_form_is_an_error(string pattern)
    {
        RequestPattern.Parse(pattern, out var error).ShouldBeNull();
        error.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("/in/x", "/IN/X/", true)]
    [InlineData("/in/{a}", "/in/x", true)]
    [InlineData("/in/{a}/{b}", "/in/x/{c}", true)]
    [InlineData("/in/{a}", "/in/x/y", false)]
    [InlineData("/in/{a}", "/out/{a}", false)]
    [InlineData("/in/x/{a}", "/in/y/{a}", false)]
    public void Two_paths_overlap_where_one_request_could_match_both(string one, string other, bool overlap)
    {
        Of(one).Overlaps(Of(other)).ShouldBe(overlap);
        Of(other).Overlaps(Of(one)).ShouldBe(overlap);
    }

    private static RequestPattern Of(string text) => RequestPattern.Parse(text, out _)!;

    private static string? Match(string pattern, string target)
        => RequestPattern.SegmentsOf(target) is { } segments && Of(pattern).Match(segments) is { } values
            ? string.Join(",", values.Select(value => $"{value.Key}={value.Value}"))
            : null;
}
