using System.ComponentModel.DataAnnotations;

namespace Gateway.Shared.Mongo;

public sealed class MongoOptions : IValidatableObject
{
    public const string Section = "Gateway:Mongo";

    /// <summary>
    /// Connection string with the name of the database (<c>MONGODB_URI</c>). Reads always go to the primary, and the majority
    /// acknowledges writes.
    /// </summary>
    [Required(ErrorMessage = "must be a mongodb:// connection string")]
    public string Uri { get; set; } = "mongodb://localhost:27017/fincart_events";

    /// <summary>A file with the connection string.</summary>
    public string UriFile { get; set; } = "";

    /// <summary>Drops the original's unique index on eventId, which prevents equal ids of two shipping companies.</summary>
    public bool DropLegacyIndexes { get; set; }

    /// <summary>Merges shipments that the original stored twice, which prevent the unique index.</summary>
    public bool MergeLegacyShipments { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Without the driver's message, which would repeat the address and its password.
        if (!MongoAddress.IsReadable(Uri))
            yield return new ValidationResult("must be a mongodb:// connection string", [nameof(Uri)]);
    }
}
