using System.ComponentModel.DataAnnotations;

namespace Gateway.Shared.Mongo;

public sealed class MongoOptions : IValidatableObject
{
    public const string Section = "Gateway:Mongo";

    /// <summary>
    /// Connection string with the database's name (<c>MONGODB_URI</c>). Whatever it says, reads go to the primary and
    /// writes are acknowledged by the majority.
    /// </summary>
    [Required(ErrorMessage = "must be a mongodb:// connection string")]
    public string Uri { get; set; } = "mongodb://localhost:27017/fincart_events";

    /// <summary>Drops the original's unique index on eventId alone, which stands in the way of a second courier.</summary>
    public bool DropLegacyIndexes { get; set; }

    /// <summary>Merges shipments that the original wrote twice, which stand in the way of the unique index.</summary>
    public bool MergeLegacyShipments { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // The driver's own words would repeat the address, and the password in it.
        if (!MongoAddress.IsReadable(Uri)) yield return new ValidationResult("must be a mongodb:// connection string", [nameof(Uri)]);
    }
}
