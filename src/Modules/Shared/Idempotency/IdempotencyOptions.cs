using System.ComponentModel.DataAnnotations;

namespace Gateway.Shared.Idempotency;

public sealed class IdempotencyOptions
{
    public const string Section = "Gateway:Idempotency";

    /// <summary>How long the cache keeps a key (<c>REDIS_IDEMPOTENCY_TTL</c>, seconds). The store keeps it longer.</summary>
    [Range(1, 31_536_000, ErrorMessage = "must be between 1 and 31536000 seconds")]
    public int TtlSeconds { get; set; } = 86_400;

    /// <summary>Prefix of every key in Redis.</summary>
    [Required(ErrorMessage = "must be a text")]
    public string KeyPrefix { get; set; } = "gateway:seen:";
}
