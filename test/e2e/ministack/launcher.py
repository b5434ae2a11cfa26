"""Start MiniStack with two more resource types, ``AWS::Lightsail::Container`` and ``AWS::Lightsail::Certificate``, and two corrected answers.

MiniStack is a local AWS that knows nothing of Lightsail. The provisioners below replace AWS's own handlers of the
types, so that one stack can hold a container service and its deployment, as on AWS. Their calls go
to the emulator at ``AWS_ENDPOINT_URL_LIGHTSAIL``; the Lambda functions that MiniStack runs inherit that variable too.

The CNAME records in MiniStack's Route 53 are the public DNS of the emulator: a certificate is issued once its records are there.

Environment, beside MiniStack's own:

``AWS_ENDPOINT_URL_LIGHTSAIL``   the emulator; required, so that nothing here can ever reach the real service
``LIGHTSAIL_POLL_SECONDS``       how often a service in transition is looked at (default 0.2)
``LIGHTSAIL_TIMEOUT_SECONDS``    how long one transition may take (default 120)
"""

import contextlib
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from ministack.app import main as start_server
from ministack.core.responses import error_response_json, get_region
from ministack.services import ecr, route53
from ministack.services.cloudformation import _stack_events, handlers, provisioners, stacks

RESOURCE_TYPE = "AWS::Lightsail::Container"
CERTIFICATE_TYPE = "AWS::Lightsail::Certificate"

ENDPOINT_URL = os.environ.get("AWS_ENDPOINT_URL_LIGHTSAIL")
POLL_SECONDS = float(os.environ.get("LIGHTSAIL_POLL_SECONDS", "0.2"))
TIMEOUT_SECONDS = float(os.environ.get("LIGHTSAIL_TIMEOUT_SECONDS", "120"))

SETTLED_STATES = ("READY", "RUNNING", "DISABLED")


def create_service(logical_id, properties, stack_name):
    """Create the service and wait for it; the answer is what Ref and Fn::GetAtt give."""
    refuse_inline_deployment(properties)
    name = properties["ServiceName"]
    client = lightsail()
    client.create_container_service(
        serviceName=name,
        power=properties["Power"],
        scale=int(properties["Scale"]),
        publicDomainNames=public_domain_names(properties),
        privateRegistryAccess=private_registry_access(properties),
        tags=[{"key": key, "value": value} for key, value in tags(properties).items()],
    )
    try:
        service = wait_until_settled(client, name)
        if is_disabled(properties):
            client.update_container_service(serviceName=name, isDisabled=True)
            service = wait_until_settled(client, name)
    except Exception:
        # CloudFormation deletes what a failed create leaves behind; MiniStack forgets it. The first error is the one to
        # report, also where Lightsail refuses to delete a service in transition.
        with contextlib.suppress(ClientError):
            client.delete_container_service(serviceName=name)
        raise
    return name, attributes(service)


def update_service(name, old_properties, properties, stack_name):
    """Bring the service to the new properties; another ServiceName never comes here, it is a replacement."""
    refuse_inline_deployment(properties)
    client = lightsail()
    service = wait_until_settled(client, name)
    if without_tags(old_properties) != without_tags(properties):
        # As AWS's own handler: it detaches certificates only if the template has none any more. One that is replaced stays attached.
        detached = {} if "PublicDomainNames" in properties else {certificate: [] for certificate in public_domain_names(old_properties)}
        request = {
            "serviceName": name,
            "power": properties["Power"],
            "scale": int(properties["Scale"]),
            "publicDomainNames": detached | public_domain_names(properties),
            "privateRegistryAccess": private_registry_access(properties),
        }
        if "IsDisabled" in properties:
            request["isDisabled"] = is_disabled(properties)
        client.update_container_service(**request)
        service = wait_until_settled(client, name)
    update_tags(client, name, tags(old_properties), tags(properties))
    return name, attributes(service)


def delete_service(name, properties):
    """Delete the service and wait until it is gone; gone already is success."""
    client = lightsail()
    service = find_service(client, name)
    if service is None:
        return
    if service["state"] != "DELETING":
        # Lightsail refuses to delete a service in transition.
        wait_until_settled(client, name)
        client.delete_container_service(serviceName=name)
    wait_for(lambda: find_service(client, name) is None, lambda: f"Container service {name} is still there")


def create_certificate(logical_id, properties, stack_name):
    """Create the certificate. As on AWS, that is complete while it is still PENDING_VALIDATION, and its records are no attributes."""
    name = properties["CertificateName"]
    client = lightsail()
    client.create_certificate(
        certificateName=name,
        domainName=properties["DomainName"],
        subjectAlternativeNames=properties.get("SubjectAlternativeNames", []),
        tags=[{"key": key, "value": value} for key, value in tags(properties).items()],
    )
    return name, certificate_attributes(client, name)


def update_certificate(name, old_properties, properties, stack_name):
    """Only tags can change. Another CertificateName never comes here, it is a replacement."""
    for member in ("DomainName", "SubjectAlternativeNames"):
        if old_properties.get(member) != properties.get(member):
            raise ValueError(f"{CERTIFICATE_TYPE}: updates of {member} are not supported")
    client = lightsail()
    update_tags(client, name, tags(old_properties), tags(properties))
    return name, certificate_attributes(client, name)


def delete_certificate(name, properties):
    """Delete the certificate; gone already is success. Lightsail refuses to delete one that is in use."""
    client = lightsail()
    try:
        client.delete_certificate(certificateName=name)
    except client.exceptions.NotFoundException:
        return


def certificate_attributes(client, name):
    certificate = client.get_certificates(certificateName=name, includeCertificateDetails=True)["certificates"][0]
    return {"CertificateArn": certificate["certificateArn"], "Status": certificate["certificateDetail"]["status"]}


def cname_records():
    """All CNAME records in MiniStack's Route 53, of any account and hosted zone."""
    with route53._lock:
        record_sets = [record_set for of_zone in list(route53._records._data.values()) for record_set in of_zone]
    return [
        {"name": record_set["Name"], "value": record_set["ResourceRecords"][0]}
        for record_set in record_sets
        if record_set["Type"] == "CNAME" and record_set.get("ResourceRecords")
    ]


def publish_dns():
    """Bring the emulator's public DNS up to Route 53, however a record got there or went: by a stack or by a call."""
    published = None
    while True:
        records = cname_records()
        if records != published:
            request = urllib.request.Request(f"{ENDPOINT_URL}/dns", data=json.dumps(records).encode(), method="PUT")
            # The emulator may be gone first when a test ends.
            with contextlib.suppress(urllib.error.URLError):
                urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10).close()
                published = records
        time.sleep(POLL_SECONDS)


def lightsail():
    """A client of the emulator: fixed credentials and no proxy, so that it looks for neither."""
    return botocore.session.get_session().create_client(
        "lightsail",
        region_name=get_region(),
        endpoint_url=ENDPOINT_URL,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(proxies={}),
    )


def find_service(client, name):
    """The service, or None. Asks for all of them: for a missing one by name, the error's own name is not certain."""
    services = client.get_container_services()["containerServices"]
    return next((service for service in services if service["containerServiceName"] == name), None)


def wait_until_settled(client, name):
    """Wait for the end of a transition and return the service as it is then."""
    service = None

    def settled():
        nonlocal service
        service = find_service(client, name)
        if service is None:
            raise RuntimeError(f"Container service {name} does not exist")
        return service["state"] in SETTLED_STATES

    wait_for(settled, lambda: f"Container service {name} is still {service['state']}")
    return service


def wait_for(condition, describe):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{describe()} after {TIMEOUT_SECONDS:g} seconds")
        time.sleep(POLL_SECONDS)


def update_tags(client, name, old, new):
    """Touch only the tags that the template holds: others may stand on the service, set by someone else."""
    removed = sorted(old.keys() - new.keys())
    written = [{"key": key, "value": value} for key, value in new.items() if old.get(key) != value]
    if removed:
        client.untag_resource(resourceName=name, tagKeys=removed)
    if written:
        client.tag_resource(resourceName=name, tags=written)


def attributes(service):
    """The attributes of the real type, by the names that Fn::GetAtt uses."""
    puller_role = service.get("privateRegistryAccess", {}).get("ecrImagePullerRole", {})
    return {
        "ContainerArn": service["arn"],
        "Url": service.get("url", ""),
        "PrincipalArn": service.get("principalArn", ""),
        "PrivateRegistryAccess.EcrImagePullerRole.PrincipalArn": puller_role.get("principalArn", ""),
    }


def refuse_inline_deployment(properties):
    if "ContainerServiceDeployment" in properties:
        raise ValueError(f"{RESOURCE_TYPE}: ContainerServiceDeployment is not supported here")


def public_domain_names(properties):
    return {entry["CertificateName"]: entry.get("DomainNames", []) for entry in properties.get("PublicDomainNames", [])}


def private_registry_access(properties):
    """AWS's handler sends an absent PrivateRegistryAccess as inactive, also over an active one."""
    role = properties.get("PrivateRegistryAccess", {}).get("EcrImagePullerRole", {})
    return {"ecrImagePullerRole": {"isActive": to_bool(role.get("IsActive", False))}}


def is_disabled(properties):
    return to_bool(properties.get("IsDisabled", False))


def to_bool(value):
    """A template's boolean, which may be the string "true"."""
    return str(value).lower() == "true"


def tags(properties):
    return {tag["Key"]: tag.get("Value", "") for tag in properties.get("Tags", [])}


def without_tags(properties):
    return {name: value for name, value in properties.items() if name != "Tags"}


def register_resource_types():
    """Write the types into MiniStack's tables. They are private to it: the pinned version is part of this code."""
    provisioners._RESOURCE_HANDLERS[RESOURCE_TYPE] = {
        "create": create_service,
        "update": update_service,
        "delete": delete_service,
    }
    provisioners._REPLACING_PROPERTIES[RESOURCE_TYPE] = ("ServiceName",)
    provisioners._RESOURCE_HANDLERS[CERTIFICATE_TYPE] = {
        "create": create_certificate,
        "update": update_certificate,
        "delete": delete_certificate,
    }
    provisioners._REPLACING_PROPERTIES[CERTIFICATE_TYPE] = ("CertificateName",)

    # Provisioners run on the server's event loop unless they are known to block; this one waits for the emulator.
    blocks = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda resource_type: resource_type in (RESOURCE_TYPE, CERTIFICATE_TYPE) or blocks(resource_type)


def correct_describe_images():
    """DescribeImages fails for an image that is not there. MiniStack leaves it out, and the CDK CLI then takes it for published."""
    describe_images = ecr._describe_images

    def describe_or_fail(data):
        name = data.get("repositoryName", "")
        missing = [image_id for image_id in data.get("imageIds") or [] if ecr._find_image(name, image_id) is None]
        if missing and name in ecr._repositories:
            return error_response_json("ImageNotFoundException", f"The image with imageId {missing[0]} does not exist within the repository with name '{name}'", 400)
        return describe_images(data)

    ecr._describe_images = describe_or_fail


def correct_describe_stack_resource():
    """A resource that is being created or updated is IN_PROGRESS. MiniStack shows it only when that is done."""
    action = "DescribeStackResource"
    describe_stack_resource = handlers._ACTION_HANDLERS[action]

    def describe_in_progress(params):
        logical_id = handlers._p(params, "LogicalResourceId")
        stack = handlers._resolve_stack(handlers._p(params, "StackName"))
        events = [event for event in _stack_events.get(stack["StackId"], []) if event["LogicalResourceId"] == logical_id] if stack else []
        if not events or not events[-1]["ResourceStatus"].endswith("_IN_PROGRESS"):
            return describe_stack_resource(params)
        detail = {name: events[-1][name] for name in ("LogicalResourceId", "PhysicalResourceId", "ResourceType", "ResourceStatus")}
        elements = "".join(f"<{name}>{text}</{name}>" for name, text in (detail | {"LastUpdatedTimestamp": events[-1]["Timestamp"]}).items())
        return handlers._xml(200, f"{action}Response", f"<{action}Result><StackResourceDetail>{elements}</StackResourceDetail></{action}Result>")

    handlers._ACTION_HANDLERS[action] = describe_in_progress


def main():
    if not ENDPOINT_URL:
        sys.exit("AWS_ENDPOINT_URL_LIGHTSAIL must hold the address of the Lightsail emulator")
    # MiniStack listens on every interface, and for MQTT too, by default.
    os.environ.setdefault("BIND_HOST", "127.0.0.1")
    os.environ.setdefault("IOT_MTLS_ENABLED", "0")
    register_resource_types()
    correct_describe_images()
    correct_describe_stack_resource()
    threading.Thread(target=publish_dns, daemon=True).start()
    start_server()


if __name__ == "__main__":
    main()
