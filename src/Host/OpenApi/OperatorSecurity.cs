using Gateway.Shared.Operator;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Host.OpenApi;

/// <summary>The key of an operator, for the operations that need one, with the role that they need.</summary>
internal sealed class OperatorSecurity : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Key = "operatorKey";

    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.AddComponent<IOpenApiSecurityScheme>(Key, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = OperatorAccess.KeyHeader,
            Description = "The key of an operator. In Development without keys none is needed on loopback.",
        });
        return Task.CompletedTask;
    }

    public Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<NeedsRoleAttribute>().LastOrDefault() is not { } needs)
            return Task.CompletedTask;
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(Key, context.Document)] = [] }];
        operation.Description = $"Role: `{needs.Role.Text()}`.";
        return Task.CompletedTask;
    }
}
