using System.Diagnostics;
using System.Globalization;
using OpenTelemetry.Trace;

namespace Gateway.Host;

/// <summary>
/// Samples by the parent, but a request that arrives by the root sampler: everybody can set the sampling flag of
/// <c>traceparent</c>, and would decide what is recorded. The flag counts once the request is verified.
/// </summary>
internal sealed class UnverifiedFlagSampler(Sampler root) : Sampler
{
    private readonly ParentBasedSampler _byParent = new(root);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
        => samplingParameters is { Kind: ActivityKind.Server, ParentContext.IsRemote: true }
            ? root.ShouldSample(samplingParameters)
            : _byParent.ShouldSample(samplingParameters);

    /// <summary>Null where the SDK's sampler looks at no parent.</summary>
    public static UnverifiedFlagSampler? Of(IConfiguration configuration) => configuration["OTEL_TRACES_SAMPLER"] switch
    {
        null or "" or "parentbased_always_on" => new(new AlwaysOnSampler()),
        "parentbased_always_off" => new(new AlwaysOffSampler()),
        "parentbased_traceidratio" => new(new TraceIdRatioBasedSampler(RatioIn(configuration))),
        _ => null,
    };

    private static double RatioIn(IConfiguration configuration)
        => double.TryParse(configuration["OTEL_TRACES_SAMPLER_ARG"], CultureInfo.InvariantCulture, out var ratio)
            && ratio is >= 0 and <= 1
            ? ratio
            : 1;
}
