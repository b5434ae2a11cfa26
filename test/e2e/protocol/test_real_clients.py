"""Runs the container operations of Lightsail with clients that know the real protocol: boto3 and the AWS CLI.

The emulator is at ``AWS_ENDPOINT_URL_LIGHTSAIL``. Its clock must run fast, because these tests wait for services and
deployments as a script would, but not so fast that a deployment is over before the CLI has started once more
(``--clock-scale 60``); and deployments of the image ``broken:1`` must fail (``--outcome broken:1=process-exits``).

    python -m unittest -v test_real_clients
"""

import datetime
import json
import os
import subprocess
import sys
import time
import unittest
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT_URL = os.environ["AWS_ENDPOINT_URL_LIGHTSAIL"]
REGION = "us-east-1"
DIGEST = "sha256:" + "a" * 64

# Nothing on the machine that runs the tests may decide whom the clients talk to, or as whom.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
    "AWS_ENDPOINT_URL_LIGHTSAIL": ENDPOINT_URL,
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_MAX_ATTEMPTS": "1",
}

# The request of boto3's documentation of create_container_service_deployment, every field of it set.
EVERY_CONTAINER_FIELD = {
    "web": {
        "image": "nginx:1.27",
        "command": ["nginx", "-g", "daemon off;", "-g"],
        "environment": {"LOG_LEVEL": "info", "EMPTY": ""},
        "ports": {"80": "HTTP", "443": "HTTPS", "9000": "TCP", "53": "UDP"},
    }
}
EVERY_ENDPOINT_FIELD = {
    "containerName": "web",
    "containerPort": 80,
    "healthCheck": {
        "healthyThreshold": 3,
        "unhealthyThreshold": 4,
        "timeoutSeconds": 5,
        "intervalSeconds": 10,
        "path": "/healthz",
        "successCodes": "200-299",
    },
}


class Boto3:
    """boto3: operations as methods, times as datetimes."""

    name = "boto3"

    def __init__(self):
        self.client = boto3.client(
            "lightsail",
            region_name=REGION,
            endpoint_url=ENDPOINT_URL,
            aws_access_key_id=ENVIRONMENT["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
            config=Config(retries={"total_max_attempts": 1}),
        )

    def call(self, operation, **request):
        try:
            answer = getattr(self.client, operation)(**request)
        except ClientError as error:
            raise Refused(error.response["Error"]["Code"], error.response["Error"]["Message"]) from error
        assert answer.pop("ResponseMetadata")["RequestId"]
        return answer


class AwsCli:
    """The AWS CLI: operations as commands, requests and answers as JSON; it prints times as they came over the wire."""

    name = "cli"

    def call(self, operation, **request):
        arguments = [sys.executable, "-m", "awscli", "lightsail", operation.replace("_", "-"), "--output", "json"]
        arguments += ["--cli-input-json", json.dumps(request, default=lambda value: value.isoformat())]
        done = subprocess.run(arguments, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise refusal_in(done.stderr)
        return with_times(json.loads(done.stdout or "{}"))


class Refused(Exception):
    """What a client makes of an error of the service."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def refusal_in(stderr):
    """``An error occurred (Code) when calling the X operation: message``, which the CLI may put a prefix before."""
    _, found, rest = stderr.partition("An error occurred (")
    if not found:
        raise AssertionError(f"The CLI failed on its own: {stderr}")
    code, _, rest = rest.partition(")")
    return Refused(code, rest.partition(" operation: ")[2].strip().partition("\n")[0])


def with_times(value, key=""):
    """The CLI's answer with datetimes where boto3 has them."""
    if isinstance(value, dict):
        return {name: with_times(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [with_times(item, key) for item in value]
    if key in ("createdAt", "issuedAt", "expiresAt", "timestamp", "statusChangedAt"):
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    return value


class RealClientTests:
    """What every client must be able to do. Each test has a service of its own."""

    make_client = None

    @classmethod
    def setUpClass(cls):
        cls.client = cls.make_client()
        cls.call = cls.client.call

    def name(self):
        return f"{self.client.name}-{self._testMethodName.removeprefix('test_').replace('_', '-')}"[:63]

    def service(self, name):
        return self.call("get_container_services", serviceName=name)["containerServices"][0]

    def wait_for(self, name, *states):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            service = self.service(name)
            if service["state"] in states:
                return service
            time.sleep(0.1)
        self.fail(f"{name} did not get to {states}: {service}")

    def create(self, **request):
        name = self.name()
        self.call("create_container_service", serviceName=name, power="nano", scale=1, **request)
        self.addCleanup(self.delete, name)
        self.wait_for(name, "READY", "RUNNING")
        return name

    def delete(self, name):
        self.wait_for(name, "READY", "RUNNING", "DISABLED")
        self.call("delete_container_service", serviceName=name)

    def refused(self, code, operation, **request):
        with self.assertRaises(Refused) as caught:
            self.call(operation, **request)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.message

    def test_life_of_a_service(self):
        name = self.name()
        domain = f"{self.client.name}.service.example.com"
        certificate = self.issued_certificate(domain)
        created = self.call(
            "create_container_service",
            serviceName=name,
            power="nano",
            scale=1,
            tags=[{"key": "team", "value": "a"}],
            publicDomainNames={certificate: [domain]},
            privateRegistryAccess={"ecrImagePullerRole": {"isActive": True}},
        )["containerService"]
        self.assertEqual(created["state"], "PENDING")
        self.assertEqual(created["stateDetail"], {"code": "CREATING_SYSTEM_RESOURCES"})
        self.assertEqual(created["principalArn"], "")
        self.assertEqual(created["powerId"], "nano-1")
        self.assertEqual(created["tags"], [{"key": "team", "value": "a"}])
        self.assertEqual(created["publicDomainNames"], {certificate: [domain]})
        self.assertEqual(created["location"], {"availabilityZone": "all", "regionName": REGION})
        self.assertEqual(created["resourceType"], "ContainerService")
        self.assertIsNotNone(created["createdAt"].tzinfo)

        ready = self.wait_for(name, "READY")
        self.assertNotIn("stateDetail", ready)
        self.assertNotIn("currentDeployment", ready)
        self.assertRegex(ready["principalArn"], r"^arn:aws:iam::\d{12}:role/amazon/lightsail/")
        self.assertRegex(ready["url"], rf"^https://{name}\.[a-z0-9]{{13}}\.{REGION}\.cs\.amazonlightsail\.com/$")
        role = ready["privateRegistryAccess"]["ecrImagePullerRole"]
        self.assertIs(role["isActive"], True)
        self.assertRegex(role["principalArn"], r"^arn:aws:iam::\d{12}:role/")

        updated = self.call(
            "update_container_service",
            serviceName=name,
            power="micro",
            scale=2,
            isDisabled=True,
            publicDomainNames={certificate: []},
            privateRegistryAccess={"ecrImagePullerRole": {"isActive": False}},
        )["containerService"]
        self.assertEqual(updated["state"], "UPDATING")
        disabled = self.wait_for(name, "DISABLED")
        self.assertEqual((disabled["power"], disabled["scale"], disabled["isDisabled"]), ("micro", 2, True))
        self.assertNotIn("publicDomainNames", disabled)

        self.assertEqual(self.call("delete_container_service", serviceName=name), {})
        deadline = time.monotonic() + 60
        while name in self.names():
            self.assertLess(time.monotonic(), deadline, f"{name} is still there")
            time.sleep(0.1)
        self.refused("NotFoundException", "get_container_services", serviceName=name)

    def issued_certificate(self, *domains):
        """A certificate whose records are in the DNS, from its creation until it is issued."""
        name = self.name()
        primary, *others = domains
        created = self.call(
            "create_certificate", certificateName=name, domainName=primary, subjectAlternativeNames=others, tags=[{"key": "team", "value": "a"}]
        )
        self.assertEqual((created["certificate"]["certificateName"], created["certificate"]["domainName"]), (name, primary))
        self.assertEqual([operation["operationType"] for operation in created["operations"]], ["CreateCertificate"])
        self.assertEqual(self.certificate(name)["status"], "PENDING_VALIDATION")
        self.addCleanup(self.call, "delete_certificate", certificateName=name)

        deadline = time.monotonic() + 60
        while not self.certificate(name).get("domainValidationRecords"):
            self.assertLess(time.monotonic(), deadline, f"{name} has no records")
            time.sleep(0.1)
        records = [validation["resourceRecord"] for validation in self.certificate(name)["domainValidationRecords"]]
        self.assertEqual({record["type"] for record in records}, {"CNAME"})
        self.put_dns(records)
        while self.certificate(name)["status"] != "ISSUED":
            self.assertLess(time.monotonic(), deadline, f"{name} is not issued")
            time.sleep(0.1)
        return name

    def certificate(self, name):
        answer = self.call("get_certificates", certificateName=name, includeCertificateDetails=True)
        return answer["certificates"][0]["certificateDetail"]

    def put_dns(self, records):
        body = json.dumps([{"name": record["name"], "value": record["value"]} for record in records]).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{ENDPOINT_URL}/dns", data=body, method="PUT")) as answer:
            self.assertEqual(answer.status, 204)

    def test_certificates(self):
        apex, www = (f"{host}{self.client.name}.example.com" for host in ("", "www."))
        name = self.issued_certificate(apex, www)
        detail = self.certificate(name)
        self.assertRegex(detail["arn"], rf"^arn:aws:lightsail:{REGION}:\d{{12}}:Certificate/[0-9a-f-]{{36}}$")
        self.assertEqual({validation["validationStatus"] for validation in detail["domainValidationRecords"]}, {"SUCCESS"})
        self.assertEqual([validation["domainName"] for validation in detail["domainValidationRecords"]], [apex, www])
        self.assertIsNotNone(detail["issuedAt"].tzinfo)
        self.assertEqual(detail["tags"], [{"key": "team", "value": "a"}])
        without_details = self.call("get_certificates", certificateName=name)["certificates"][0]
        self.assertNotIn("certificateDetail", without_details)

        service = self.create(publicDomainNames={name: [apex]})
        self.assertEqual(self.certificate(name)["inUseResourceCount"], 1)
        self.assertIn("in use", self.refused("InvalidInputException", "delete_certificate", certificateName=name))
        message = self.refused("InvalidInputException", "update_container_service", serviceName=service, publicDomainNames={"unknown": [www]})
        self.assertIn("do not exist", message)
        self.call("update_container_service", serviceName=service, publicDomainNames={name: []})
        self.assertNotIn("publicDomainNames", self.wait_for(service, "READY"))
        self.refused("NotFoundException", "get_certificates", certificateName="nobody")
        self.refused("InvalidInputException", "create_certificate", certificateName=name, domainName=apex)
        self.refused("InvalidInputException", "create_certificate", certificateName=f"{name}-2", domainName="*.example.com")

    def names(self):
        return [service["containerServiceName"] for service in self.call("get_container_services")["containerServices"]]

    def test_documented_deployment(self):
        name = self.create()
        answer = self.call(
            "create_container_service_deployment",
            serviceName=name,
            containers=EVERY_CONTAINER_FIELD,
            publicEndpoint=EVERY_ENDPOINT_FIELD,
        )["containerService"]
        self.assertEqual(answer["state"], "DEPLOYING")
        self.assertNotIn("stateDetail", answer)
        self.assertNotIn("currentDeployment", answer)
        deployment = answer["nextDeployment"]
        self.assertEqual((deployment["version"], deployment["state"]), (1, "ACTIVATING"))
        self.assertEqual(deployment["containers"], EVERY_CONTAINER_FIELD)
        self.assertEqual(deployment["publicEndpoint"], EVERY_ENDPOINT_FIELD)

        message = self.refused("InvalidInputException", "create_container_service_deployment", serviceName=name, containers=EVERY_CONTAINER_FIELD)
        self.assertEqual(
            message,
            f'Sorry, deployment 1 is in progress for service "{name}". Please wait for it to complete before trying again.',
        )

        running = self.wait_for(name, "RUNNING")
        self.assertEqual(running["currentDeployment"], {**deployment, "state": "ACTIVE"})
        self.assertNotIn("nextDeployment", running)
        deployments = self.call("get_container_service_deployments", serviceName=name)["deployments"]
        self.assertEqual(deployments, [running["currentDeployment"]])

    def test_inline_deployment_with_defaults(self):
        name = self.create(
            deployment={
                "containers": {"web": {"image": "nginx", "ports": {"80": "HTTP"}}},
                "publicEndpoint": {"containerName": "web", "containerPort": 80},
            }
        )
        current = self.wait_for(name, "RUNNING")["currentDeployment"]
        self.assertEqual(
            current["containers"],
            {"web": {"image": "nginx", "command": [], "environment": {}, "ports": {"80": "HTTP"}}},
        )
        self.assertEqual(
            current["publicEndpoint"]["healthCheck"],
            {
                "healthyThreshold": 2,
                "unhealthyThreshold": 2,
                "timeoutSeconds": 2,
                "intervalSeconds": 5,
                "path": "/",
                "successCodes": "200-499",
            },
        )

    def test_failed_deployment_and_its_log(self):
        name = self.create()
        started = self.call("create_container_service_deployment", serviceName=name, containers={"web": {"image": "broken:1"}})
        self.wait_for(name, "READY")
        deployments = self.call("get_container_service_deployments", serviceName=name)["deployments"]
        self.assertEqual([(item["version"], item["state"]) for item in deployments], [(1, "FAILED")])

        deadline = time.monotonic() + 60
        messages = []
        while "[deployment:1] Took too long" not in messages:
            self.assertLess(time.monotonic(), deadline, f"the log lacks it: {messages}")
            events = self.call("get_container_log", serviceName=name, containerName="web")["logEvents"]
            messages = [event["message"] for event in events]
        self.assertEqual(messages[0], "[deployment:1] Creating your deployment")
        self.assertEqual([event["createdAt"] for event in events], sorted(event["createdAt"] for event in events))

        filtered = self.call(
            "get_container_log",
            serviceName=name,
            containerName="web",
            filterPattern="?exit ?Canceled",
            startTime=started["containerService"]["createdAt"],
            endTime=started["containerService"]["createdAt"] + datetime.timedelta(days=1),
        )
        self.assertEqual({event["message"] for event in filtered["logEvents"]}, {"exit status 1", "[deployment:1] Canceled"})
        self.assertNotIn("nextPageToken", filtered)
        self.refused("InvalidInputException", "get_container_log", serviceName=name, containerName="web", pageToken="none-of-ours")

    def test_images(self):
        name = self.create()
        registered = self.call("register_container_image", serviceName=name, label="web", digest=DIGEST)["containerImage"]
        self.assertEqual((registered["image"], registered["digest"]), (f":{name}.web.1", DIGEST))
        self.call("register_container_image", serviceName=name, label="api", digest=DIGEST)
        images = self.call("get_container_images", serviceName=name)["containerImages"]
        self.assertEqual([image["image"] for image in images], [f":{name}.api.2", f":{name}.web.1"])
        self.assertEqual(images[1], registered)

        self.call("create_container_service_deployment", serviceName=name, containers={"web": {"image": f":{name}.web.latest"}})
        self.refused("InvalidInputException", "delete_container_image", serviceName=name, image=f":{name}.web.1")
        self.assertEqual(self.call("delete_container_image", serviceName=name, image=f":{name}.api.2"), {})
        self.assertEqual(self.call("get_container_images", serviceName=name)["containerImages"], [registered])

    def test_registry_login(self):
        self.create()
        login = self.call("create_container_service_registry_login")["registryLogin"]
        self.assertEqual(login["username"], "AWS")
        self.assertTrue(login["password"])
        self.assertRegex(login["registry"], rf"^\d{{12}}\.dkr\.ecr\.{REGION}\.amazonaws\.com$")
        self.assertIsNotNone(login["expiresAt"].tzinfo)

    def test_tags(self):
        name = self.create(tags=[{"key": "old", "value": "1"}])
        arn = self.service(name)["arn"]
        tagged = self.call("tag_resource", resourceName=name, resourceArn=arn, tags=[{"key": "new", "value": "2"}])["operations"]
        self.assertEqual([(operation["resourceName"], operation["status"]) for operation in tagged], [(name, "Succeeded")])
        untagged = self.call("untag_resource", resourceName=name, tagKeys=["old"])["operations"]
        self.assertEqual(len(untagged), 1)
        self.assertEqual(self.service(name)["tags"], [{"key": "new", "value": "2"}])

    def test_powers_and_metadata(self):
        powers = self.call("get_container_service_powers")["powers"]
        self.assertEqual([power["name"] for power in powers], ["nano", "micro", "small", "medium", "large", "xlarge"])
        self.assertEqual((powers[0]["powerId"], powers[0]["cpuCount"], powers[0]["isActive"]), ("nano-1", 0.25, True))
        metadata = self.call("get_container_api_metadata")["metadata"]
        self.assertEqual([entry["name"] for entry in metadata], ["lightsailctl"])

    def test_metrics(self):
        name = self.create()
        created_at = self.service(name)["createdAt"]
        query = {
            "serviceName": name,
            "metricName": "CPUUtilization",
            "startTime": created_at - datetime.timedelta(hours=1),
            "endTime": created_at + datetime.timedelta(hours=1),
            "period": 60,
            "statistics": ["Average", "Maximum"],
        }
        # The first datapoint comes with the first full minute.
        deadline = time.monotonic() + 60
        answer = self.call("get_container_service_metric_data", **query)
        while not answer["metricData"]:
            self.assertLess(time.monotonic(), deadline, "there is no datapoint")
            time.sleep(0.1)
            answer = self.call("get_container_service_metric_data", **query)
        self.assertEqual(answer["metricName"], "CPUUtilization")
        for point in answer["metricData"]:
            self.assertEqual(set(point), {"average", "maximum", "timestamp", "unit"})
            self.assertEqual(point["unit"], "Percent")
            self.assertGreaterEqual(point["timestamp"], created_at)

    def test_errors(self):
        name = self.create()
        message = self.refused(
            "InvalidInputException", "create_container_service_deployment", serviceName=name, containers={"backend_api": {"image": "nginx"}}
        )
        self.assertEqual(message, 'Container name "backend_api" does not match pattern: ^(?:[a-z0-9]{1,2}|[a-z0-9][a-z0-9-]+[a-z0-9])$')
        message = self.refused(
            "InvalidInputException",
            "create_container_service_deployment",
            serviceName=name,
            containers={"web": {"image": "nginx", "ports": {"80": "HTTP"}}},
            publicEndpoint={"containerName": "web", "containerPort": 8080},
        )
        self.assertEqual(message, "Invalid port specified. You must specify a port that is in the list of ports of the specified container.")
        message = self.refused(
            "InvalidInputException",
            "create_container_service_deployment",
            serviceName=name,
            containers={"frontend-ui": {"image": f":{name}.my-react-ui.LATEST"}},
        )
        self.assertEqual(
            message,
            f'Container "frontend-ui" has invalid image ":{name}.my-react-ui.LATEST". Example of valid image: ":{name}.frontend-ui.123".',
        )
        self.call("update_container_service", serviceName=name, scale=2)
        message = self.refused("InvalidInputException", "delete_container_service", serviceName=name)
        self.assertEqual(message, 'The specified service is in a transition state ("UPDATING") and cannot be deleted.')
        self.refused("NotFoundException", "get_container_images", serviceName="nobody")


class Boto3Test(RealClientTests, unittest.TestCase):
    make_client = Boto3

    def test_errors_are_modeled_exceptions(self):
        client = self.client.client
        with self.assertRaises(client.exceptions.NotFoundException) as caught:
            client.get_container_services(serviceName="nobody")
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 404)
        self.assertEqual(caught.exception.response["code"], "NotFound")
        with self.assertRaises(client.exceptions.InvalidInputException):
            client.create_container_service(serviceName="not_a_name", power="nano", scale=1)


class AwsCliTest(RealClientTests, unittest.TestCase):
    make_client = AwsCli


if __name__ == "__main__":
    unittest.main()
