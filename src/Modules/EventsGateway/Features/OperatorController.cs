using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features;

/// <summary>What all operations of the operator API have in common.</summary>
[ApiController]
[OperatorOnly]
[OperatorTag]
[Produces("application/json")]
public abstract class OperatorController(IMediator mediator) : ControllerBase
{
    protected IMediator Mediator { get; } = mediator;

    /// <summary>The names of all parameters of the query, as sent.</summary>
    protected IReadOnlyList<string> QueryNames
        => [.. Request.Query.SelectMany(parameter => parameter.Value.Select(_ => parameter.Key))];
}

/// <summary>The group "Operator" of the API description. The framework's <c>Tags</c> attribute is not inherited.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OperatorTagAttribute : Attribute, ITagsMetadata
{
    public IReadOnlyList<string> Tags { get; } = ["Operator"];
}
