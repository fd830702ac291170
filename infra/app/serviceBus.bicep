param name string
param location string
param tags object

@allowed(['Standard', 'Premium'])
param sku string

@description('Names of the connectors; each has a queue of its own.')
param connectors string[]

@description('Object id of the identity of the functions.')
param functionsPrincipalId string

@description('Object id of the security group of the agents\' service principals.')
param agentsGroupId string

@description('Whether the namespace is reached through private endpoints; needs Premium.')
param private bool

@description('Public addresses or ranges that agents come from, beside the private endpoints.')
param agentAddresses string[]

param workspaceId string

var roles = loadJsonContent('../roles.json')
var sender = roles['Azure Service Bus Data Sender']
var receiver = roles['Azure Service Bus Data Receiver']
var senderId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', sender)
var receiverId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', receiver)
var hasOutsiders = private && !empty(agentAddresses)
var publicAccess = !private || hasOutsiders ? 'Enabled' : 'Disabled'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: sku, tier: sku, capacity: sku == 'Premium' ? 1 : null }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicAccess
  }
}

var endpoint = namespace.properties.serviceBusEndpoint

// A namespace without public access takes no rule that denies, and needs none.
resource firewall 'Microsoft.ServiceBus/namespaces/networkRuleSets@2024-01-01' = if (hasOutsiders) {
  parent: namespace
  name: 'default'
  properties: {
    defaultAction: 'Deny'
    publicNetworkAccess: publicAccess
    trustedServiceAccessEnabled: false
    ipRules: [for address in agentAddresses: { action: 'Allow', ipMask: address }]
  }
}

resource requests 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for connector in connectors: {
    parent: namespace
    name: 'requests-${connector}'
    properties: {
      requiresSession: false
      lockDuration: 'PT10S'
      defaultMessageTimeToLive: 'PT5M'
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT10M'
      maxDeliveryCount: 100
      deadLetteringOnMessageExpiration: false
      maxSizeInMegabytes: 1024
    }
  }
]

resource replies 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: namespace
  name: 'replies'
  properties: {
    requiresSession: true
    lockDuration: 'PT30S'
    defaultMessageTimeToLive: 'PT1M'
    requiresDuplicateDetection: false
    maxDeliveryCount: 100
    deadLetteringOnMessageExpiration: false
    maxSizeInMegabytes: 1024
  }
}

resource functionsSend 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (connector, index) in connectors: {
    name: guid(requests[index].id, functionsPrincipalId, sender)
    scope: requests[index]
    properties: {
      description: 'The functions send to ${connector}.'
      principalId: functionsPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: senderId
    }
  }
]

resource agentsReceive 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (connector, index) in connectors: {
    name: guid(requests[index].id, agentsGroupId, receiver)
    scope: requests[index]
    properties: {
      description: 'The agents receive for ${connector}.'
      principalId: agentsGroupId
      principalType: 'Group'
      roleDefinitionId: receiverId
    }
  }
]

resource agentsSend 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(replies.id, agentsGroupId, sender)
  scope: replies
  properties: {
    principalId: agentsGroupId
    principalType: 'Group'
    roleDefinitionId: senderId
  }
}

resource functionsReceive 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(replies.id, functionsPrincipalId, receiver)
  scope: replies
  properties: {
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: receiverId
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output id string = namespace.id
output hostName string = replace(replace(endpoint, 'https://', ''), ':443/', '')
