using System.ComponentModel.DataAnnotations;

namespace Gateway.Shared.RabbitMq;

/// <summary>The format of accepted events in the broker.</summary>
public enum PublishFormat
{
    /// <summary>Groups of events, each with its envelope and its signed bytes, in the gateway's own queue.</summary>
    Gateway,

    /// <summary>One message per event in the format and queue of the NestJS original, for its workers.</summary>
    Nest,
}

public sealed class RabbitMqOptions : IValidatableObject
{
    public const string Section = "Gateway:RabbitMq";

    /// <summary>
    /// AMQP 0-9-1 addresses of the nodes, separated by commas or white space (<c>RABBITMQ_URL</c>). Each address of a host name
    /// is a node.
    /// </summary>
    [Required(ErrorMessage = "must be an amqp:// or amqps:// address")]
    public string Url { get; set; } = "amqp://localhost:5672";

    /// <summary>A file with the addresses.</summary>
    public string UrlFile { get; set; } = "";

    [Required(ErrorMessage = "must be a name")]
    public string Exchange { get; set; } = "gateway.events";

    [Required(ErrorMessage = "must be a name")]
    public string Queue { get; set; } = "gateway.events.v1";

    [Required(ErrorMessage = "must be a name")]
    public string DeadLetterQueue { get; set; } = "gateway.events.dlq.v1";

    /// <summary>Maximum number of events in one message; 1 disables grouping.</summary>
    [Range(1, 10_000, ErrorMessage = "must be between 1 and 10000 events")]
    public int MaxEventsPerMessage { get; set; } = 128;

    /// <summary>
    /// Maximum number of unacknowledged messages per worker, of at most 1 MiB each. They are stored in two round trips: where
    /// each holds one event and the store is 20 ms away, 8 messages were 60 events/s.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "must be between 1 and 1000 messages")]
    public int Prefetch { get; set; } = 256;

    /// <summary>Longest wait for a publisher confirm; after it the event counts as not durable.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ErrorMessage = "must be between 00:00:00.100 and 00:01:00")]
    public TimeSpan PublishDeadline { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// The queue of the NestJS original, <c>events</c> there, which is read beside the own queue; empty: not read.
    /// </summary>
    public string NestQueue { get; set; } = "";

    public PublishFormat PublishFormat { get; set; } = PublishFormat.Gateway;

    /// <summary>The queue for publishing in the format <see cref="PublishFormat.Nest"/>.</summary>
    public string NestQueueOrDefault => NestQueue.Length == 0 ? "events" : NestQueue;

    /// <summary>The addresses in <see cref="Url"/>.</summary>
    public IReadOnlyList<Uri> Nodes => [.. Addresses.Select(address => new Uri(address))];

    private string[] Addresses => Url.Split([',', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Addresses.Length == 0 || !Addresses.All(IsAddress))
        {
            yield return new ValidationResult(
                "is not an address or a list of addresses, amqp:// or amqps://; in user and password, signs such as @ and , are "
                + "written as %40 and %2C", [nameof(Url)]);
        }

        if (NestQueue == Queue) yield return new ValidationResult($"must not be the own queue ({Queue})", [nameof(NestQueue)]);
    }

    private static bool IsAddress(string address)
        => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "amqp" or "amqps", Host.Length: > 0 };
}
