targetScope = 'subscription'

@description('Name of the environment; part of the names of all resources.')
@minLength(1)
@maxLength(40)
param environmentName string

@metadata({ azd: { type: 'location' } })
@minLength(1)
param location string

@description('Client id of the registration of this API.')
@minLength(36)
@maxLength(36)
param apiClientId string

@description('Client ids of the applications that may call.')
@minLength(1)
param allowedClients string[]

@description('Each connector and the Active Directory domains that it serves.')
@minLength(1)
param connectors { name: string, domains: string[] }[]

@description('Object id of the security group of the agents\' service principals.')
@minLength(36)
@maxLength(36)
param agentsGroupId string

@description('Object id of the group of the operators. Empty: no standing right on the root key.')
param operatorsGroupId string = ''

@description('x and y of the root key, as init of the operator prints them. Empty at first.')
param rootPublicKeyX string = ''
param rootPublicKeyY string = ''

param signingKeyName string = 'signing'

@description('Settings of docs/settings.md that differ from their defaults, as strings.')
param settings { *: string } = {}

@description('Virtual network, private endpoints and a Premium namespace. The API stays public.')
param privateNetworking bool = false

@description('Standard has neither private endpoints nor a firewall.')
@allowed(['Standard', 'Premium'])
param serviceBusSku string = privateNetworking ? 'Premium' : 'Standard'

@description('Public addresses of agents that come from outside of a private network.')
param agentAddresses string[] = []

@description('Public addresses of operators that come from outside of a private network.')
param operatorAddresses string[] = []

@description('How the storage accounts copy their data; not every region has zones.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Range of the virtual network; a /24 or larger.')
param addressPrefix string = '10.40.0.0/24'

@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances that are always warm for HTTP; 0 makes the first call of the day slow.')
@minValue(0)
@maxValue(100)
param alwaysReadyInstances int = 1

@description('Days that logs are kept in the workspace.')
@minValue(30)
@maxValue(730)
param logRetentionInDays int = 90

@description('Mail address that alerts and the budget go to; empty: to nobody.')
param alertEmail string = ''

@description('Amount a month in the currency of the subscription; 0: no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month in which the budget begins, as 2027-01-01; stays as it is.')
param budgetStartDate string = ''

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var names = map(connectors, each => each.name)
var alertEmails = empty(alertEmail) ? [] : [alertEmail]

var connectorNames = length(union(names, names)) != length(names)
  ? fail('connectors names one connector twice: each has one queue, and all of its domains.')
  : names
var checkedSku = privateNetworking && serviceBusSku != 'Premium'
  ? fail('privateNetworking needs serviceBusSku Premium: Standard would stay public.')
  : serviceBusSku
var checkedAgentAddresses = !privateNetworking && !empty(agentAddresses)
  ? fail('agentAddresses needs privateNetworking: without it anybody reaches the namespace.')
  : agentAddresses
var checkedOperatorAddresses = !privateNetworking && !empty(operatorAddresses)
  ? fail('operatorAddresses needs privateNetworking: without it anybody reaches the vault.')
  : operatorAddresses
var checkedBudget = monthlyBudget > 0 && (empty(alertEmail) || empty(budgetStartDate))
  ? fail('monthlyBudget needs alertEmail, or nobody is told, and budgetStartDate.')
  : monthlyBudget
var rootPublicKey = empty(rootPublicKeyX) != empty(rootPublicKeyY)
  ? fail('rootPublicKeyX and rootPublicKeyY belong together: set both or neither.')
  : { kty: 'EC', crv: 'P-256', x: rootPublicKeyX, y: rootPublicKeyY }
var rootSetting = empty(rootPublicKeyX) && empty(rootPublicKeyY)
  ? {}
  : { ROOT_PUBLIC_KEY: string(rootPublicKey) }
var known = loadJsonContent('settings.json')
var knownNames = concat(objectKeys(known.defaults), known.withoutDefault)
var unknownNames = filter(objectKeys(settings), each => !contains(knownNames, each))
var checkedSettings = empty(unknownNames)
  ? settings
  : fail('The parameter "settings" names what is no setting: ${join(unknownNames, ', ')}.')
var rootKeyName = settings.?ROOT_KEY_NAME ?? known.defaults.ROOT_KEY_NAME
var checkedSigningKeyName = toLower(signingKeyName) == toLower(rootKeyName)
  ? fail('signingKeyName is the name of the root key: the functions could sign trust lists.')
  : signingKeyName

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.managedIdentity}${token}'
    location: location
    tags: tags
  }
}

module monitoring 'app/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: '${abbreviations.logAnalytics}${token}'
    componentName: '${abbreviations.applicationInsights}${token}'
    location: location
    tags: tags
    retentionInDays: logRetentionInDays
    principalId: identity.outputs.principalId
  }
}

module serviceBus 'app/serviceBus.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.serviceBus}${token}'
    location: location
    tags: tags
    sku: checkedSku
    connectors: connectorNames
    functionsPrincipalId: identity.outputs.principalId
    agentsGroupId: agentsGroupId
    private: privateNetworking
    agentAddresses: checkedAgentAddresses
    workspaceId: monitoring.outputs.workspaceId
  }
}

module hostStorage 'app/hostStorage.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.storage}host${token}'
    location: location
    tags: tags
    sku: storageSku
    principalId: identity.outputs.principalId
    private: privateNetworking
    workspaceId: monitoring.outputs.workspaceId
  }
}

module recordsStorage 'app/recordsStorage.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.storage}rec${token}'
    location: location
    tags: tags
    sku: storageSku
    principalId: identity.outputs.principalId
    private: privateNetworking
    workspaceId: monitoring.outputs.workspaceId
  }
}

module keyVault 'app/keyVault.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.keyVault}${token}'
    location: location
    tags: tags
    rootKeyName: rootKeyName
    signingKeyName: checkedSigningKeyName
    principalId: identity.outputs.principalId
    operatorsGroupId: operatorsGroupId
    private: privateNetworking
    operatorAddresses: checkedOperatorAddresses
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'app/network.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: '${abbreviations.virtualNetwork}${token}'
    location: location
    tags: tags
    addressPrefix: addressPrefix
    relayHost: serviceBus.outputs.hostName
  }
}

module hostEndpoint 'app/privateEndpoint.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: '${abbreviations.privateEndpoint}host-${token}'
    location: location
    tags: tags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: hostStorage.outputs.id
    group: 'blob'
    zoneId: network!.outputs.zoneIds.blob
  }
}

module recordsEndpoint 'app/privateEndpoint.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: '${abbreviations.privateEndpoint}records-${token}'
    location: location
    tags: tags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: recordsStorage.outputs.id
    group: 'table'
    zoneId: network!.outputs.zoneIds.table
  }
}

module busEndpoint 'app/privateEndpoint.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: '${abbreviations.privateEndpoint}bus-${token}'
    location: location
    tags: tags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: serviceBus.outputs.id
    group: 'namespace'
    zoneId: network!.outputs.zoneIds.namespace
  }
}

module vaultEndpoint 'app/privateEndpoint.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: '${abbreviations.privateEndpoint}vault-${token}'
    location: location
    tags: tags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: keyVault.outputs.id
    group: 'vault'
    zoneId: network!.outputs.zoneIds.vault
  }
}

module site 'app/site.bicep' = {
  scope: group
  dependsOn: [hostEndpoint, recordsEndpoint, busEndpoint, vaultEndpoint]
  params: {
    name: '${abbreviations.functionApp}${token}'
    planName: '${abbreviations.plan}${token}'
    location: location
    tags: tags
    serviceName: 'api'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    componentName: monitoring.outputs.componentName
    workspaceId: monitoring.outputs.workspaceId
    containerUrl: hostStorage.outputs.containerUrl
    hostBlobUrl: hostStorage.outputs.blobUrl
    subnetId: privateNetworking ? network!.outputs.functionsSubnetId : ''
    installation: union(rootSetting, {
      TENANT_ID: tenant().tenantId
      API_CLIENT_ID: apiClientId
      AUTHORITY: environment().authentication.loginEndpoint
      ALLOWED_CLIENTS: string(allowedClients)
      MANAGED_IDENTITY_CLIENT_ID: identity.outputs.clientId
      SERVICE_BUS_NAMESPACE: serviceBus.outputs.hostName
      TABLES_URL: recordsStorage.outputs.tablesUrl
      KEY_VAULT_URL: keyVault.outputs.url
      CONNECTORS: string(connectors)
    })
    changes: checkedSettings
    instanceMemory: instanceMemory
    maximumInstances: maximumInstances
    alwaysReadyInstances: alwaysReadyInstances
  }
}

module actionGroup 'app/actionGroup.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.actionGroup}${token}'
    tags: tags
    emails: alertEmails
  }
}

module alerts 'app/alerts.bicep' = {
  scope: group
  params: {
    suffix: token
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    namespaceId: serviceBus.outputs.id
    rootKeyName: rootKeyName
    actionGroupId: actionGroup.outputs.id
  }
}

module budget 'app/budget.bicep' = if (checkedBudget > 0) {
  scope: group
  params: {
    name: '${abbreviations.budget}${token}'
    amount: monthlyBudget
    emails: alertEmails
    startDate: budgetStartDate
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_ID string = site.outputs.id
output AZURE_FUNCTION_NAME string = site.outputs.name
output API_URL string = site.outputs.url
output TENANT_ID string = tenant().tenantId
output AUTHORITY string = environment().authentication.loginEndpoint
output MANAGED_IDENTITY_NAME string = identity.outputs.name
output MANAGED_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output SERVICE_BUS_NAMESPACE string = serviceBus.outputs.hostName
output TABLES_URL string = recordsStorage.outputs.tablesUrl
output KEY_VAULT_URL string = keyVault.outputs.url
output ROOT_KEY_NAME string = rootKeyName
output SIGNING_KEY_NAME string = signingKeyName
